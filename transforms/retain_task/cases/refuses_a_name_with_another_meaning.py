import asyncio


async def run(job, loop=None):
    spawn = asyncio.create_task
    if loop:
        spawn = loop.create_task
    spawn(job())


def thread(job):
    job.close()


start = asyncio.create_task if __debug__ else thread


async def run_all(jobs):
    for job in jobs:
        start(job)
