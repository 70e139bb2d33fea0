import asyncio


async def read(source, within=asyncio.wait_for):
    return await within(source.read(), 5)
