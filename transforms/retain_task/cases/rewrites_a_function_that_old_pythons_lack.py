import asyncio

try:
    from asyncio import create_task
except ImportError:

    def create_task(job):
        return asyncio.ensure_future(job)


async def run(jobs):
    for job in jobs:
        create_task(job.run())
    await jobs.done()
