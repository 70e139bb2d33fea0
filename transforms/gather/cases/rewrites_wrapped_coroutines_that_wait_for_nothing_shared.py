import asyncio


class Client:
    def start(self):
        self.ready = asyncio.create_task(self.prepare())

    async def prepare(self):
        await asyncio.sleep(1)

    async def as_tasks(self, names):
        tasks = []
        coroutines = [self.prepare() for _ in names]
        for name, coroutine in zip(names, coroutines):
            tasks.append(asyncio.create_task(coroutine, name=name))
        await asyncio.gather(*tasks)

    async def one_or_the_other(self, names):
        tasks = []
        for name in names:
            if name:
                job = self.prepare()
            else:
                job = asyncio.sleep(1)
            tasks.append(asyncio.create_task(job))
        await asyncio.gather(*tasks)

    async def if_there_is_one(self, names):
        tasks = []
        for name in names:
            job = None
            if name:
                job = self.prepare()
            if job is not None:
                tasks.append(asyncio.create_task(job))
        await asyncio.gather(*tasks)

    async def by_a_condition(self, name, load):
        await asyncio.gather(asyncio.create_task((name and self.prepare()) or load()), self.prepare())

    async def shielded(self):
        await asyncio.gather(asyncio.wait_for(asyncio.shield(self.ready), 3), self.prepare())
