import asyncio


async def join(jobs):
    return await asyncio.gather(*(job.task for job in jobs if job.started))
