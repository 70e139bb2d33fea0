from trio import asyncio


async def run(fetch):
    asyncio.gather(fetch(1), fetch(2))
