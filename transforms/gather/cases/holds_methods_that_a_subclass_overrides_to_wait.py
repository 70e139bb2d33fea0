# asyncmend: --target-version 3.12
import asyncio


class Logic:
    async def stop(self):
        await asyncio.sleep(0)


class Blob(Logic):
    def __init__(self):
        self.task = asyncio.create_task(asyncio.sleep(1))

    async def stop(self):
        await self.task


class Detector:
    def __init__(self, one: Logic, other: Logic):
        self.one = one
        self.other = other

    async def stop_both(self):
        await asyncio.gather(self.one.stop(), self.other.stop())


async def both(one: Logic, other: Logic):
    await asyncio.gather(one.stop(), other.stop())


async def one_of_two(other):
    one = Blob()
    await asyncio.gather(one.stop(), other(1))
