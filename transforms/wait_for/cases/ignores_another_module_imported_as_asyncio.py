import trio_asyncio as asyncio


async def read(stream):
    return await asyncio.wait_for(stream.read(), timeout=5)
