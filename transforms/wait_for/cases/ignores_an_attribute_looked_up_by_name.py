import asyncio


async def read(stream):
    return await getattr(asyncio, "wait_for")(stream.read(), 5)
