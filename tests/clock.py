"""An event loop whose clock moves only when everybody waits: a sleep costs nothing and is as long as it says."""
import asyncio
import selectors


class Stuck(Exception):
    """Nothing will ever happen again."""


class Selector(selectors.SelectSelector):
    """Lets the time pass where a loop would wait."""

    loop = None

    def select(self, timeout=None):
        if timeout is None:
            raise Stuck
        self.loop.now += max(timeout, 0)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self):
        self.now = 0.0
        selector = Selector()
        selector.loop = self
        super().__init__(selector)

    def time(self):
        return self.now
