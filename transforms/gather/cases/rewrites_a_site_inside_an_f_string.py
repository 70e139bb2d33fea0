# asyncmend: --target-version 3.9
import asyncio


async def summary(queue, jobs):
    return f"{queue.name}: {await asyncio.gather(queue.size(), jobs.size())} waiting"
