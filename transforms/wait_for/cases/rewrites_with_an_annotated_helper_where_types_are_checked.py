# asyncmend: --target-version 3.9 --set types-are-checked=true
import asyncio


async def next_job(queue):
    return await asyncio.wait_for(queue.get(), timeout=1.0)
