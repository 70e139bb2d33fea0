# asyncmend: --target-version 3.9
import asyncio


async def exchange(reader, writer, limits):
    line = await asyncio.wait_for(timeout=limits.read(), fut=reader.readline())
    await asyncio.wait_for(fut=writer.drain(), timeout=limits.write())
    return line
