import asyncio


class Reader:
    async def add(self):
        self.total += await asyncio.wait_for(self.fetch(self.next_page()), 1)

    async def pair(self):
        return self.total, await asyncio.wait_for(self.fetch(self.next_page()), 1)

    async def check(self):
        assert await asyncio.wait_for(self.fetch(self.next_page()), 1) == 5

    async def show(self, parts):
        print(*parts, await asyncio.wait_for(self.fetch(1), 1))


async def nested(get):
    return await asyncio.wait_for(asyncio.wait_for(get(), 1), 0.1)


async def nested_by_name(get):
    inner = asyncio.wait_for(get(), 1)
    return await asyncio.wait_for(inner, 0.1)


async def at_least(get, seconds):
    return await asyncio.wait_for(get(), max(0.1, seconds))


async def bound_on_the_way(get):
    first = 10
    return first + await asyncio.wait_for(get((first := 20)), 1)
