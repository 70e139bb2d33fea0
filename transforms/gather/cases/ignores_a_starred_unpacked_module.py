import asyncio


async def run(fetch, farm):
    first, *asyncio = farm.plan()
    asyncio.gather(fetch(1), fetch(2))
    return first
