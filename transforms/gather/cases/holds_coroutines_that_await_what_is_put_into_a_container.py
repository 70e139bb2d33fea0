import asyncio


class Store:
    async def many(self):
        some = set()
        some.update(self.tasks)
        await asyncio.wait(some)
        for task in some:
            await task

    async def more(self):
        some = []
        some += self.tasks
        return [await task for task in some]

    async def named(self):
        some = {}
        some["first"] = self.task
        return await some["first"]

    async def run(self):
        await asyncio.gather(self.many(), asyncio.sleep(1))
        await asyncio.gather(self.more(), asyncio.sleep(1))
        await asyncio.gather(self.named(), asyncio.sleep(1))
