# asyncmend: --target-version 3.12
import asyncio


class Logic:
    async def run(self):
        await asyncio.sleep(0)


class Blob(Logic):
    def __init__(self, task):
        self.task = task

    async def run(self):
        await self.task


class Other(Logic):
    async def run(self):
        await asyncio.sleep(1)


class Detector:
    def __init__(self):
        self.one = Logic()
        self.other = Logic()

    async def run_both(self):
        await asyncio.gather(self.one.run(), self.other.run())


async def both(one: Other, other: Other):
    await asyncio.gather(one.run(), other.run())


async def made_here():
    one = Logic()
    await asyncio.gather(one.run(), Logic().run())
