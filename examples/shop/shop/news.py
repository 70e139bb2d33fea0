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


class Campaign:
    """Letters that go out together, and can be called back."""

    def __init__(self, newsletter, texts):
        self.letters = asyncio.gather(*(newsletter.send(text) for text in texts))

    def call_back(self):
        self.letters.cancel()

    @property
    def was_called_back(self):
        return self.letters.cancelled()
