import asyncio.farm


async def run(fetch):
    asyncio.farm.wait_for(fetch(1), 5)
