import asyncio


def start(coros):
    every = asyncio.gather(*coros)
    return every.cancelled()  # asyncmend: ignore[gather-cancelled]
