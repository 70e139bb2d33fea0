import asyncio


async def load(name):
    await asyncio.sleep(0)
    return name


async def load_pair(names):
    left, right = await asyncio.gather(load(key := names.pop()), load(key + ".bak"))
    return key, left, right
