import asyncio


class Client:
    def start(self):
        self.ready = asyncio.create_task(self.prepare())

    async def prepare(self):
        await asyncio.sleep(1)

    async def use(self):
        return await self.ready

    async def as_tasks(self):
        await asyncio.gather(asyncio.create_task(self.use()), asyncio.create_task(self.prepare()))

    async def as_futures(self):
        await asyncio.gather(asyncio.ensure_future(self.use()), self.prepare())

    async def with_a_limit(self):
        await asyncio.gather(asyncio.wait_for(self.use(), 3), self.prepare())

    async def itself_with_a_limit(self):
        await asyncio.gather(asyncio.wait_for(self.ready, 3), self.prepare())

    async def in_a_list(self):
        jobs = [asyncio.create_task(self.use()) for _ in range(3)]
        await asyncio.gather(*jobs)

    async def one_by_one(self):
        jobs = []
        for _ in range(3):
            job = self.use()
            jobs.append(asyncio.create_task(job))
        await asyncio.gather(*jobs)

    async def each_with_a_limit(self, tasks):
        await asyncio.gather(*(asyncio.wait_for(task, 3) for task in tasks))
