# asyncmend: --target-version 3.12 --select wait-for
import asyncio


async def next_job(queue):
    job = await asyncio.wait_for(queue.get(), timeout=5)
    return job
