from concurrent import futures as asyncio


async def run(fetch):
    asyncio.wait_for(fetch(1), 5)
