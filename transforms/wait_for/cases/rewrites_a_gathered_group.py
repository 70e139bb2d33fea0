import asyncio


async def all_set(events):
    await asyncio.wait_for(asyncio.gather(*[event.wait() for event in events]), timeout=10)
