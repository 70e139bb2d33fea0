import asyncio


async def submit(pool, job):
    asyncio.ensure_future(asyncio.wrap_future(pool.submit(job)))
