import asyncio


async def job(number):
    await asyncio.sleep(0)
    return number


async def progress(jobs):
    return [await each for each in jobs]


async def returned(numbers, shows):
    jobs = [job(number) for number in numbers]
    if shows:
        return await progress(jobs)
    return await asyncio.gather(*jobs)


async def unpacked(numbers, shows):
    jobs = [job(number) for number in numbers]
    if shows:
        results = await progress(*jobs)
    else:
        results = await asyncio.gather(*jobs)
    return results


async def again_and_again(batches, shows):
    for numbers in batches:
        jobs = [job(number) for number in numbers]
        if shows:
            await progress(jobs)
            continue
        await asyncio.gather(*jobs)


async def one(number, shows):
    first = job(number)
    if shows:
        return await progress([first])
    return await asyncio.gather(first, job(0))
