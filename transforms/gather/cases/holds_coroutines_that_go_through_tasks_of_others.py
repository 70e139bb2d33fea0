import asyncio


async def load():
    await asyncio.sleep(1)


class Manager:
    async def one_by_one(self):
        for task in self.each():
            await task

    async def all(self):
        for task in self.all_of():
            await task

    async def at_once(self):
        async for task in self.later():
            await task

    async def listed(self):
        for task in [it async for it in self.later()]:
            await task

    async def inside(self):
        async def later():
            for task in self.tasks:
                yield task

        async for task in later():
            await task

    async def inside_kept(self):
        tasks = [asyncio.create_task(load())]

        async def later():
            for task in tasks:
                yield task

        self.maker = later
        async for task in later():
            await task

    async def given(self):
        async def later(given):
            yield given

        async for task in later(self.task):
            await task

    def each(self):
        for task in self.tasks:
            yield task

    def all_of(self):
        yield from self.tasks

    async def later(self):
        for task in self.tasks:
            yield task

    async def open(self):
        await asyncio.gather(self.one_by_one(), load())
        await asyncio.gather(self.all(), load())
        await asyncio.gather(self.at_once(), load())
        await asyncio.gather(self.listed(), load())
        await asyncio.gather(self.inside(), load())
        await asyncio.gather(self.inside_kept(), load())
        await asyncio.gather(self.given(), load())
