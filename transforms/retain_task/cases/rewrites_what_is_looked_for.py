import asyncio


async def run(job):
    if hasattr(asyncio, "create_task"):
        asyncio.create_task(job())
    else:
        asyncio.ensure_future(job())
    await job.done()
