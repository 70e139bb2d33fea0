import asyncio

TASKS = []


async def one(number):
    await asyncio.sleep(number)


async def main():
    jobs = [one(1)]

    def take_others():
        nonlocal jobs
        jobs = TASKS

    take_others()
    jobs = jobs + [one(2)]
    await asyncio.gather(*jobs)
