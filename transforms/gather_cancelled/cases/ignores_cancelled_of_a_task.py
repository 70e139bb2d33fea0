import asyncio


async def main(job):
    task = asyncio.create_task(job())
    await asyncio.gather(task, job())
    return task.cancelled() or task.exception()
