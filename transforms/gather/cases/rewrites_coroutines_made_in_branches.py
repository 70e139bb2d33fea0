import asyncio


async def load(key):
    await asyncio.sleep(0)
    return key


async def either(fresh):
    if fresh:
        second = load(2)
    else:
        second = load(3)
    return await asyncio.gather(load(1), second)


async def lists(fresh):
    if fresh:
        loads = [load(2), load(4)]
    else:
        loads = [load(3)]
    return await asyncio.gather(*loads)
