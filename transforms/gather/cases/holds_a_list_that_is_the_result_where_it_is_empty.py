import asyncio


class Worker:
    async def run(self, job): ...

    async def all(self, jobs):
        runs = []
        for job in jobs:
            runs.append(self.run(job))
        results = runs and await asyncio.gather(*runs)
        return results, runs
