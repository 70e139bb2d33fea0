import asyncio


async def wait_until_ready(ready):
    await asyncio.wait_for(ready.wait(), timeout=5)
    print("ready")
