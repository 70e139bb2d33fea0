import asyncio


async def run(fetch, farm):
    first, *asyncio = farm.plan()
    asyncio.wait_for(fetch(1), 5)
    return first
