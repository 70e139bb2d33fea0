import asyncio


class Client:
    def start(self):
        self.ready = asyncio.create_task(self.prepare())
        self.tasks = [self.ready]

    async def prepare(self):
        await asyncio.sleep(1)

    def get(self):
        return self.ready

    async def unpacks(self):
        ready, count = self.ready, 1
        await ready
        return count

    async def takes_the_first(self):
        first, *_ = self.tasks
        return await first

    async def takes_the_last(self):
        last = self.tasks.pop()
        await last

    async def gets(self):
        await asyncio.sleep(1)
        await self.get()

    async def main(self):
        await asyncio.gather(self.unpacks(), self.prepare())
        await asyncio.gather(self.takes_the_first(), self.prepare())
        await asyncio.gather(self.takes_the_last(), self.prepare())
        await asyncio.gather(self.gets(), self.prepare())
        await asyncio.gather(self.get(), self.prepare())
