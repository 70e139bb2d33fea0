import asyncio

TASKS = []


def start(job):
    TASKS.append(asyncio.create_task(job()))


async def run(job):
    return asyncio.create_task(job())


def plan(loop: asyncio.AbstractEventLoop, job):
    loop.call_later(5, start, job)
    loop.call_later(5, run, job)
