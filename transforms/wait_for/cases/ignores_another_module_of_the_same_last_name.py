from trio import asyncio


async def run(fetch):
    asyncio.wait_for(fetch(1), 5)
