import asyncio


async def pause(seconds):
    await asyncio.wait_for(timeout=seconds)
