import asyncio


def stopped(every):
    return every.cancelled()


def start(coros):
    return stopped(asyncio.gather(*coros))
