import asyncio


async def one(n):
    await asyncio.sleep(0)
    return n


def some(count):
    if not count:
        return []
    return [one(n) for n in range(count)]


async def extended():
    coroutines = []
    for n in range(3):
        coroutines.extend(some(n))
    await asyncio.gather(*coroutines)


async def named():
    coroutines = some(3)
    await asyncio.gather(*coroutines)


async def on_the_spot():
    await asyncio.gather(*some(3))
