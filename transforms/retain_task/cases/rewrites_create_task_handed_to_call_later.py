import asyncio


class Reminder:
    def __init__(self, mailer):
        self.mailer = mailer
        self.loop = asyncio.get_event_loop()

    def schedule(self, order, delay):
        self.loop.call_later(delay, self.loop.create_task, self.mailer.remind(order))
