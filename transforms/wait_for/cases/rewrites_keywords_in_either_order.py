import asyncio


async def exchange(reader, writer):
    line = await asyncio.wait_for(fut=reader.readline(), timeout=5)
    await asyncio.wait_for(timeout=2, fut=writer.drain())
    return line
