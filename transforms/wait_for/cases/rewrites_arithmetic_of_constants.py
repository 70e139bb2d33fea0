import asyncio


async def reindex(search):
    await asyncio.wait_for(search.reindex(), timeout=60 * 60 + 0.5)
