import asyncio


def start(coros, more):
    if more:
        every = asyncio.gather(*coros, *more)
    else:
        every = asyncio.gather(*coros)
    return lambda: every.cancelled()
