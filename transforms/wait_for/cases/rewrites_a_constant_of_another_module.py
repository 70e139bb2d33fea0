import asyncio

from app.settings import READ_TIMEOUT


async def read(stream):
    chunk = await asyncio.wait_for(stream.read(), READ_TIMEOUT)
    return chunk
