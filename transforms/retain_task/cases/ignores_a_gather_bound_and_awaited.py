import asyncio


async def load(fetch):
    both = asyncio.gather(fetch("/orders"), fetch("/returns"))
    guarded = asyncio.shield(both)
    return await guarded
