import asyncio

from shop.runtime import scheduler


def submit(job, threaded):
    target = scheduler if threaded else asyncio.get_event_loop()
    target.create_task(job.run())
