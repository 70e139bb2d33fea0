# asyncmend: --target-version 3.11
import asyncio


async def next_job(queue):
    async with asyncio.timeout(5):
        return await queue.get()
