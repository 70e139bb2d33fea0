import asyncio


async def work(job):
    await job.run()


def start(job):
    if job.is_over:
        return None
    return asyncio.create_task(work(job))


def start_named(job):
    task = start(job)
    return task


def start_first(jobs):
    return start_named(jobs[0]) if jobs else asyncio.create_task(work(None))


async def start_later(job):
    return start(job)


def start_all(jobs):
    return [start(job) for job in jobs]


async def on_job(job, jobs):
    start_named(job)
    start_first(jobs)
    await start_later(job)
    start_all(jobs)
    return start_named(job)
