import asyncio


def start(coros):
    every = asyncio.shield(asyncio.gather(*coros))
    return every.cancelled()
