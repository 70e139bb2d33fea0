class Notifier:
    def __init__(self, loop):
        self.loop = loop

    def on_change(self, report):
        self.loop.create_task(report())
