# asyncmend: --target-version 3.8
import asyncio.tasks


async def drain(writer):
    await asyncio.tasks.wait_for(writer.drain(), 4)
