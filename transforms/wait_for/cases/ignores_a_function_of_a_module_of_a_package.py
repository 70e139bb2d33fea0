import farm.asyncio


async def run(fetch):
    farm.asyncio.wait_for(fetch(1), 5)
