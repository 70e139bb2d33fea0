import asyncio


def start(coros):
    every = asyncio.gather(*coros)
    every.cancel()
    return every.done(), every.cancelled
