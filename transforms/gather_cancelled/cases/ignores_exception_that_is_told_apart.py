import asyncio


def stopped(coros):
    every = asyncio.gather(*coros)
    return every.done() and isinstance(every.exception(), asyncio.CancelledError)
