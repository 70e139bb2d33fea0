import asyncio


class Worker:
    async def run(self, job): ...

    async def all(self, jobs):
        runs = set()
        for job in jobs:
            runs.add(self.run(job))
        runs and await asyncio.gather(*runs)

    async def in_order(self, jobs):
        runs = []
        for job in jobs:
            runs.append(self.run(job))
        len(jobs) > 1 and runs and await asyncio.gather(*runs)

    async def if_ready(self, jobs, ready):
        runs = []
        for job in jobs:
            runs.append(self.run(job))
        if runs and ready:
            await asyncio.gather(*runs)
