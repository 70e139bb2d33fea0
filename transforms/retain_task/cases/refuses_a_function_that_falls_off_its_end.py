import asyncio


def schedule(job):
    if job.is_due:
        return asyncio.create_task(job.run())


def retry(job):
    for attempt in job.attempts:
        if attempt.is_left:
            return asyncio.create_task(job.run())


def on_tick(jobs):
    for job in jobs:
        schedule(job)
        retry(job)
