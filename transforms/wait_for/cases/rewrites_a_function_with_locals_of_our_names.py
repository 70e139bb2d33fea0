import asyncio


async def measure(probe, awaitable, aw, fut, coro):
    task = await asyncio.wait_for(probe.read(awaitable(), aw(), fut(), coro()), timeout=5)
    return task
