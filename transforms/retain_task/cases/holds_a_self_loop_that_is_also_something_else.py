import asyncio

from shop.testing import FakeLoop


class Poller:
    def __init__(self, source):
        self.source = source
        self.loop = asyncio.get_event_loop()

    def use_fake(self):
        self.loop = FakeLoop()

    def start(self):
        self.loop.create_task(self.source.read())
