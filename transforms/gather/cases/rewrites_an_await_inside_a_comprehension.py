import asyncio


async def read(replica, key):
    await asyncio.sleep(0)
    return replica, key


async def read_everywhere(keys):
    return {key: await asyncio.gather(read("a", key), read("b", key)) for key in keys}
