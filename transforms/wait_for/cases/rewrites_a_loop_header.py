import asyncio


async def names(directory):
    for entry in await asyncio.wait_for(directory.list(), timeout=5):
        yield entry.name
