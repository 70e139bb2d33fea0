import asyncio


class Client:
    def __init__(self):
        self.results = {}

    async def result(self, number):
        return await self.results[number]

    async def close(self):
        await asyncio.sleep(1)

    async def of_either(self, number):
        if number:
            job = self.result(number)
        else:
            job = self.close()
        await asyncio.gather(asyncio.create_task(job), self.close())

    async def of_what_a_handler_replaces(self, numbers):
        tasks = []
        for number in numbers:
            try:
                job = self.result(number)
            except KeyError:
                job = self.close()
            tasks.append(asyncio.create_task(job))
        await asyncio.gather(*tasks)

    async def of_those_of_the_round_before(self, numbers):
        loop = asyncio.get_running_loop()
        tasks = []
        job = self.close()
        for number in numbers:
            tasks.append(loop.create_task(job))
            job = self.result(number)
        await asyncio.gather(*tasks)

    async def by_a_condition(self, number):
        await asyncio.gather(asyncio.create_task((number and self.result(number)) or self.close()), self.close())

    async def of_pairs(self, numbers):
        jobs = [self.result(number) for number in numbers]
        tasks = [asyncio.create_task(job, name=str(number)) for number, job in zip(numbers, jobs)]
        await asyncio.gather(*tasks)

    async def of_items(self, numbers):
        jobs = {number: self.result(number) for number in numbers}
        await asyncio.gather(*[asyncio.create_task(job, name=str(number)) for number, job in jobs.items()])

    async def of_a_parameter(self, job):
        await asyncio.gather(asyncio.create_task(job), asyncio.create_task(self.close()))

    async def of_each_of_a_parameter(self, jobs):
        await asyncio.gather(*(asyncio.create_task(job) for job in jobs))

    async def of_some_of_a_parameter(self, jobs):
        await asyncio.gather(asyncio.create_task(jobs[0]), asyncio.create_task(jobs[1]))
