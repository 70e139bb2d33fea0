import asyncio


def start(job):
    if job.is_due():
        return asyncio.create_task(job.run())


def plan(loop: asyncio.AbstractEventLoop, job):
    loop.call_later(5, start, job)
