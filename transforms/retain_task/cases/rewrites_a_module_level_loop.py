import asyncio

LOOP = asyncio.new_event_loop()


def submit(job):
    LOOP.create_task(job.run())
