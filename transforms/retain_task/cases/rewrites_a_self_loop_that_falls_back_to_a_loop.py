import asyncio


class Poller:
    def __init__(self, source, loop=None):
        self.source = source
        self.loop = loop or asyncio.get_event_loop()

    def start(self):
        self.loop.create_task(self.source.read())
