import asyncio


async def publish(items, retries=3):
    await asyncio.sleep(0)


async def go(items):
    if items:
        await asyncio.shield(publish(items, retries=345678))
    x = await asyncio.shield(publish(items, retries=345678901))
    return x
