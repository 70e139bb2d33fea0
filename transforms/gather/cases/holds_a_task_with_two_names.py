import asyncio


class Station:
    async def poll(self, meter, clock):
        job = self.job = asyncio.create_task(meter.read())
        await asyncio.gather(job, clock.tick())
