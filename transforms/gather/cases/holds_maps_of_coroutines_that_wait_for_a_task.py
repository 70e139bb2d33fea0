import asyncio
from itertools import starmap


class Client:
    def __init__(self):
        self.results = {}

    async def result(self, number):
        return await self.results[number]

    async def timed(self, job):
        return await job

    async def each(self, numbers):
        return await asyncio.gather(*map(self.result, numbers))

    async def each_pair(self, pairs):
        return await asyncio.gather(*starmap(self.result, pairs))

    async def each_task(self, numbers):
        return await asyncio.gather(*[asyncio.create_task(job) for job in map(self.result, numbers)])

    async def each_given(self, jobs):
        return await asyncio.gather(*map(self.timed, jobs))

    async def each_of_a_pair(self, jobs):
        return await asyncio.gather(*starmap(self.timed, jobs))

    async def each_made_a_task(self, jobs):
        return await asyncio.gather(*map(asyncio.create_task, jobs))

    async def each_by_a_lambda(self, numbers):
        return await asyncio.gather(*map(lambda number: self.result(number + 1), numbers))
