import asyncio


async def next_job(queue):
    job = await asyncio.wait_for(queue.get(), 1.5)
    return job.name
