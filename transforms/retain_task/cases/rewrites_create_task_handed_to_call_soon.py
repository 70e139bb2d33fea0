import asyncio


def submit(job, loop: asyncio.AbstractEventLoop):
    loop.call_soon(loop.create_task, job.run())


def submit_from_thread(job, loop: asyncio.AbstractEventLoop):
    loop.call_soon_threadsafe(loop.create_task, job.run())
