import asyncio


async def load(kind, key):
    await asyncio.sleep(0)
    return kind, key


async def tables(keys):
    running = {key: asyncio.gather(load("old", key), load("new", key)) for key in keys}
    return {key: await running[key] for key in keys}
