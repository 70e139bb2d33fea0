import asyncio


async def start(jobs):
    (asyncio.create_task(job()) for job in jobs)
