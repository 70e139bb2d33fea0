# asyncmend: --target-version 3.8
import asyncio


async def next_job(queue):
    try:
        return await asyncio.wait_for(queue.get(), timeout=1)
    except asyncio.TimeoutError:
        return None
