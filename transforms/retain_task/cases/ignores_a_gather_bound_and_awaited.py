import asyncio


async def load(fetch):
    both = asyncio.gather(fetch("/orders"), fetch("/returns"))
    return await both
