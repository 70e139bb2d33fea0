import asyncio


async def fetch_left():
    await asyncio.sleep(0)


async def fetch_right():
    await asyncio.sleep(0)


async def fetch_both():
    left, right = \
        await asyncio.gather(fetch_left(), \
                             fetch_right())
    return left, right
