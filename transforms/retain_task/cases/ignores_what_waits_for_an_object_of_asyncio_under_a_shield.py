import asyncio


class Device:
    def __init__(self):
        self.closing = asyncio.Event()

    async def move(self):
        await asyncio.shield(self.closing.wait())

    async def lock(self):
        lock = asyncio.Lock()
        await asyncio.wait_for(asyncio.shield(lock.acquire()), 3)
