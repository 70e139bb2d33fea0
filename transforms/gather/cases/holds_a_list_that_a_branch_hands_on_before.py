import asyncio
import contextlib


async def job(number):
    await asyncio.sleep(0)
    return number


async def progress(jobs):
    return [await each for each in jobs]


async def goes_on(numbers, shows):
    jobs = [job(number) for number in numbers]
    if shows:
        await progress(jobs)
    return await asyncio.gather(*jobs)


async def goes_on_after_a_failure(numbers, shows):
    jobs = [job(number) for number in numbers]
    try:
        if shows:
            return await progress(jobs)
    except ValueError:
        pass
    return await asyncio.gather(*jobs)


async def comes_back(numbers, shows):
    jobs = [job(number) for number in numbers]
    while True:
        if shows():
            await progress(jobs)
            continue
        return await asyncio.gather(*jobs)


async def is_read_after_a_failure(numbers):
    jobs = [job(number) for number in numbers]
    try:
        return await asyncio.gather(*jobs)
    except ValueError:
        return await progress(jobs)


async def is_gathered_on_the_way_out(numbers, shows):
    jobs = [job(number) for number in numbers]
    try:
        if shows:
            return await progress(jobs)
    finally:
        await asyncio.gather(*jobs)


async def goes_on_where_a_failure_is_suppressed(numbers, shows):
    jobs = [job(number) for number in numbers]
    with contextlib.suppress(ValueError):
        if shows:
            return await progress(jobs)
    return await asyncio.gather(*jobs)


async def goes_on_in_another_scope(numbers, shows):
    jobs = [job(number) for number in numbers]

    async def show():
        await progress(jobs)

    if shows:
        return await show()
    return await asyncio.gather(*jobs)
