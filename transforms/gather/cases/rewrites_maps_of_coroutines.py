import asyncio
import itertools


class Client:
    async def put(self, key, value):
        return key, value

    async def timed(self, job):
        return await job

    async def each_pair(self, pairs):
        return await asyncio.gather(*itertools.starmap(self.put, pairs))

    async def each_item(self, values):
        await asyncio.gather(*map(self.put, values.keys(), values.values()))

    async def each_given(self, keys):
        return await asyncio.gather(*map(self.timed, [self.put(key, None) for key in keys]))

    async def each_made_a_task(self, keys):
        return await asyncio.gather(*map(asyncio.create_task, [self.put(key, None) for key in keys]))

    async def each_by_a_lambda(self, keys):
        return await asyncio.gather(*map(lambda key: self.put(key, None), keys))
