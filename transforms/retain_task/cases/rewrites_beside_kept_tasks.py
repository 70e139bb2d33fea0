import asyncio


class Shop:
    async def start(self):
        self.poller = asyncio.create_task(self.poll())
        asyncio.create_task(self.warm_up())
        return await asyncio.create_task(self.load())
