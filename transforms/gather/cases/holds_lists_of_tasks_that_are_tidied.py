# asyncmend: --target-version 3.12
import asyncio


async def job(number):
    return number


async def ended(numbers):
    jobs = [asyncio.create_task(job(number)) for number in numbers]
    try:
        await asyncio.gather(*jobs)
    except ValueError:
        await asyncio.gather(*jobs)


async def of_others(jobs):
    for start in range(0, len(jobs), 10):
        await asyncio.gather(*jobs[start : start + 10])


async def given(numbers, keep):
    jobs = [job(number) for number in numbers]
    keep(jobs)
    await asyncio.gather(*jobs[:10])
