import asyncio


async def warm_cache():
    await asyncio.sleep(1)


async def open_pool():
    await asyncio.sleep(2)


async def startup():
    await asyncio.gather(warm_cache(), open_pool())
    print("ready")
