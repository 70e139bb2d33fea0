# asyncmend: --target-version 3.8
import asyncio


async def next_job(queue, loop):
    return await asyncio.wait_for(queue.get(), 5, loop)
