import asyncio


async def drain(queue, deadline):
    async with asyncio.timeout_at(deadline):
        while await asyncio.wait_for(queue.get(), timeout=1):
            pass
