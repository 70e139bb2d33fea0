import asyncio


class Cache:
    def __init__(self):
        self.loading = {}

    async def rest(self):
        await asyncio.sleep(1)

    def entry(self, key):
        return self.loading[key]

    async def entry_later(self, key):
        return self.loading[key][0]

    async def of_a_local(self, key):
        if (entry := self.loading.get(key)) is not None:
            return await entry[0]

    async def of_a_method(self, key):
        task, _ = self.entry(key)
        return await task

    def entry_and_more(self, key):
        return self.loading[key][0], True

    def pending(self):
        return list(self.loading.values())

    async def of_a_pair(self, key):
        task, _ = self.entry_and_more(key)
        return await task

    async def of_a_list(self):
        for task, _ in self.pending():
            await task

    async def of_a_coroutine(self, key):
        task = await self.entry_later(key)
        return await task

    async def first(self):
        return await min((task for task, _ in self.loading.values()), key=id)

    async def of_an_inner_function(self, key):
        async def load():
            return await self.loading[key][0]

        return await load()

    async def main(self):
        await asyncio.gather(self.of_a_local("a"), self.rest())
        await asyncio.gather(self.of_a_method("a"), self.rest())
        await asyncio.gather(self.of_a_coroutine("a"), self.rest())
        await asyncio.gather(self.first(), self.rest())
        await asyncio.gather(self.of_an_inner_function("a"), self.rest())
        await asyncio.gather(self.of_a_pair("a"), self.rest())
        await asyncio.gather(self.of_a_list(), self.rest())
