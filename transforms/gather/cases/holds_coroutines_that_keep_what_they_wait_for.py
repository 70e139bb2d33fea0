import asyncio


async def load():
    await asyncio.sleep(1)


class Manager:
    async def to_attribute(self):
        task = asyncio.create_task(load())
        _, self.pending = await asyncio.wait([task], timeout=1)
        await task

    async def by_name(self):
        task = asyncio.create_task(load())
        done, pending = await asyncio.wait({task}, timeout=1)
        self.pending = pending
        await task

    async def of_others(self):
        done, pending = await asyncio.wait(self.tasks, timeout=1)
        for task in pending:
            await task

    async def open(self):
        await asyncio.gather(self.to_attribute(), load())
        await asyncio.gather(self.by_name(), load())
        await asyncio.gather(self.of_others(), load())
