import asyncio


async def connect(host):
    reader, writer = await asyncio.wait_for(asyncio.open_connection(host, 6379), 3)
    return reader, writer
