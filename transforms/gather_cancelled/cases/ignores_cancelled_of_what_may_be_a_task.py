import asyncio


def start(coros, job):
    every = asyncio.gather(*coros)
    if not coros:
        every = asyncio.create_task(job())
    return every.cancelled()
