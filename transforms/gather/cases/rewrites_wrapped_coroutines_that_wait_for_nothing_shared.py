import asyncio


class Client:
    def start(self):
        self.ready = asyncio.create_task(self.prepare())

    async def prepare(self):
        await asyncio.sleep(1)

    async def as_tasks(self, job):
        await asyncio.gather(asyncio.create_task(job), asyncio.create_task(self.prepare()))

    async def shielded(self):
        await asyncio.gather(asyncio.wait_for(asyncio.shield(self.ready), 3), self.prepare())
