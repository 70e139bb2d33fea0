import asyncio

EXPIRED = -1


async def poll(event):
    await asyncio.wait_for(event.wait(), EXPIRED)
