import asyncio


async def job(number):
    await asyncio.sleep(0)
    return number


async def chained(numbers):
    jobs = waiting = []
    for number in numbers:
        jobs.append(job(number))
    results = await asyncio.gather(*jobs)
    return results, waiting


async def unpacked_twice(numbers):
    jobs, rest = both = [], []
    for number in numbers:
        jobs.append(job(number))
    results = await asyncio.gather(*jobs)
    return results, rest, both


async def unpacked_from_elsewhere(lists):
    jobs, rest = lists
    for number in rest:
        jobs.append(job(number))
    return await asyncio.gather(*jobs)
