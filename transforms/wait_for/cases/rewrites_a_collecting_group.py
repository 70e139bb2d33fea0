import asyncio


async def finish(pending):
    await asyncio.wait_for(
        asyncio.gather(*pending, return_exceptions=True),
        timeout=30.0,
    )
