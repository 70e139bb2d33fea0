# asyncmend: --target-version 3.12
import asyncio


async def job(number):
    return number


async def ended(numbers):
    jobs = [job(number) for number in numbers]
    try:
        await asyncio.gather(*jobs)
    except ValueError:
        for each in jobs:
            each.close()


async def cleared(numbers):
    jobs = []
    for number in numbers:
        jobs.append(job(number))
        if len(jobs) == 10:
            await asyncio.gather(*jobs)
            jobs.clear()
    if jobs:
        await asyncio.gather(*jobs)


async def in_parts(numbers):
    jobs = [job(number) for number in numbers]
    for start in range(0, len(jobs), 10):
        await asyncio.gather(*jobs[start : start + 10])


async def in_two_parts(numbers):
    jobs = [job(number) for number in numbers]
    await asyncio.gather(*jobs[:10])
    await asyncio.gather(*jobs[10:])


async def of_a_type(numbers):
    jobs = list[object]()
    for number in numbers:
        jobs.append(job(number))
    await asyncio.gather(*jobs)


async def cleared_before():
    jobs = []
    jobs.append(job(1))
    jobs.clear()
    jobs.append(job(2))
    jobs.append(job(3))
    await asyncio.gather(*jobs)


async def one_by_one(numbers):
    jobs = [asyncio.create_task(job(number)) for number in numbers]
    for each in jobs:
        await asyncio.gather(each, job(0))
