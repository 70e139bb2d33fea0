import asyncio


async def next_job(queue):
    return await asyncio.wait_for(queue.get(), timeout=None)
