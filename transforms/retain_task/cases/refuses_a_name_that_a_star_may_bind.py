from asyncio import create_task, shield

from farm import *


def spawn(job):
    return create_task(job())


async def run(job, store):
    create_task(job())
    spawn(job)
    await shield(store.save())
