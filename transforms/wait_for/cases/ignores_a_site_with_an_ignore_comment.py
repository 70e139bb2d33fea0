import asyncio


async def exchange(reader, writer):
    await asyncio.wait_for(writer.drain(), 5)  # asyncmend: ignore[wait-for]
    return await asyncio.wait_for(reader.read(), 5)  # asyncmend: ignore
