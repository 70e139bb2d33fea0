import asyncio


class Typing:
    def __init__(self):
        self.stopped = asyncio.Event()

    async def send(self):
        await asyncio.sleep(0)

    def __await__(self):
        return self.send().__await__()

    async def keep(self):
        await asyncio.gather(self, self.stopped.wait())
