async def read(asyncio, stream):
    return await asyncio.wait_for(stream.read(), 5)
