import asyncio


async def work(job: int) -> int:
    return job


async def start(job: int) -> int:
    asyncio.create_task(work(job))
    return job


async def look(job: int) -> int:
    asyncio.create_task(work(job))
    return job and await asyncio.wait_for(work(job), 5)


async def both(job: int) -> list[int]:
    return [job and 1, *(job or await asyncio.gather(work(1), work(job)))]
