import farm.asyncio


async def run(fetch):
    farm.asyncio.gather(fetch(1), fetch(2))
