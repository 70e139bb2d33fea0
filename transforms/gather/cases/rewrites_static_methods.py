import asyncio


class Probe:
    @staticmethod
    async def read(pin):
        await asyncio.sleep(0)
        return pin

    async def read_both(self):
        low, high = await asyncio.gather(self.read(1), Probe.read(2))
        return low, high
