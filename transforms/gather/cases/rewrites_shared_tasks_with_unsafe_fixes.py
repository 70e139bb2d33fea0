# asyncmend: --unsafe-fixes
import asyncio


async def exchange(reading, writing):
    received, sent = await asyncio.gather(reading, writing)
    return received, sent
