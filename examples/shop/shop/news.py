"""Tells customers what happened, in the background."""
import asyncio


class Newsletter:
    def __init__(self):
        self.sent = []

    async def send(self, text):
        await asyncio.sleep(0.01)
        self.sent.append(text)

    def announce(self, text):
        asyncio.create_task(self.send(text))

    def announce_later(self, text, delay):
        loop = asyncio.get_running_loop()
        loop.call_later(delay, lambda: loop.create_task(self.send(text)))

    def announce_on(self, loop, text):
        loop.create_task(self.send(text))
