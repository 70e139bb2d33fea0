import asyncio as aio


async def stop(process):
    await aio.wait_for(process.wait(), timeout=3)
