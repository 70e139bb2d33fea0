import asyncio

jobs = None


def start(coros):
    global jobs
    jobs = asyncio.gather(*coros)


def stopped():
    return jobs.cancelled()
