import asyncio


async def read_header(reader):
    return await asyncio.wait_for(reader.readexactly(8), timeout=10)
