import asyncio


class Worker:
    async def start(self):
        job = asyncio.create_task(self.run())
        self.job = job
        asyncio.ensure_future(job)
