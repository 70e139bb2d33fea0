import asyncio


async def read(meter):
    await asyncio.sleep(0)
    return meter


async def twice(meter):
    first = second = read(meter)
    return await asyncio.gather(first, second)
