import asyncio as aio


async def finish(process):
    await aio.wait_for(process.wait(), timeout=3)
