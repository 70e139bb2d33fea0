import asyncio


async def load(fetch, log):
    task = asyncio.create_task(fetch("/orders"))
    task.add_done_callback(log)
    await log.ready()
    while not task.done():
        await asyncio.sleep(1)
