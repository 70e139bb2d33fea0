import asyncio

_started = None
_futures = {}


async def work(): ...


async def of_a_global():
    await _started


async def of_an_item(key):
    return await _futures[key]


class Cache:
    def __init__(self):
        self._futures = {}
        self._connection = asyncio.create_task(work())

    async def load(self, key):
        future = self._futures.get(key)
        if future is None:
            future = asyncio.create_task(work())
            self._futures[key] = future
        return await future

    async def load_all(self, *keys):
        await asyncio.gather(*[self.load(key) for key in keys])

    async def connected(self):
        connection = self._connection
        return await connection

    async def connected_if_any(self):
        if (connection := self._connection) is not None:
            return await connection

    async def connected_in_time(self):
        await asyncio.wait_for(self._connection, 3)

    async def all_connected(self):
        for future in self._futures.values():
            await future

    async def wraps(self):
        """Looks as if it did something."""
        return await self.connected()

    async def kept(self):
        task = self._connection = asyncio.create_task(work())
        await task


async def main(one: Cache):
    await asyncio.gather(of_a_global(), work())
    await asyncio.gather(of_an_item(1), work())
    await asyncio.gather(one.load(1), work())
    await asyncio.gather(one.connected(), work())
    await asyncio.gather(one.connected_if_any(), work())
    await asyncio.gather(one.connected_in_time(), work())
    await asyncio.gather(one.all_connected(), work())
    await asyncio.gather(one.wraps(), work())
    await asyncio.gather(one.kept(), work())


async def of_a_local():
    task = asyncio.create_task(work())

    async def waits():
        await task

    await asyncio.gather(waits(), work())
    await task
