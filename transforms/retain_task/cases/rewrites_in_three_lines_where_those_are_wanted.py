# asyncmend: --set retain-task.style=inline
import asyncio


def start(job):
    return asyncio.create_task(job())


async def main(jobs):
    for job in jobs:
        asyncio.create_task(job())
    await asyncio.sleep(1)
    start(jobs[0])
