import asyncio


async def load(key):
    await asyncio.sleep(0)
    return key


async def users():
    _user, user = await asyncio.gather(load("old"), load("new"))
    return _user, user
