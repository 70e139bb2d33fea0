import asyncio


async def job():
    await asyncio.sleep(1)


async def written_out():
    await asyncio.gather(*[job()])


async def named():
    jobs = [job()]
    return await asyncio.gather(*jobs)


async def a_tuple():
    jobs = (job(),)
    print(len(jobs))
    return await asyncio.gather(*jobs)
