import asyncio
from collections import OrderedDict

RUNNING = {}


class Client:
    waiting: dict[int, asyncio.Future]

    def __init__(self, latest):
        self.results = {}
        self.started: list[asyncio.Task] = []
        self.latest = latest or {}
        self.latest = OrderedDict()

    async def rest(self):
        await asyncio.sleep(1)

    async def got(self, number):
        return await self.results.get(number)

    async def got_in_time(self, number):
        return await asyncio.wait_for(self.waiting.get(number), 3)

    async def popped(self):
        await self.started.pop()

    async def of_a_global(self, number):
        return await RUNNING.get(number)

    async def of_a_class(self, number):
        return await self.latest.setdefault(number, None)

    async def first(self):
        return await next(iter(self.results.values()))

    async def by_name(self, number):
        return await getattr(self, "results")[number]

    async def of_a_slot(self, number):
        async with self.slot(number) as future:
            return await future

    async def main(self):
        await asyncio.gather(self.got(1), self.rest())
        await asyncio.gather(self.got_in_time(1), self.rest())
        await asyncio.gather(self.popped(), self.rest())
        await asyncio.gather(self.of_a_global(1), self.rest())
        await asyncio.gather(self.of_a_class(1), self.rest())
        await asyncio.gather(self.first(), self.rest())
        await asyncio.gather(self.by_name(1), self.rest())
        await asyncio.gather(self.of_a_slot(1), self.rest())
