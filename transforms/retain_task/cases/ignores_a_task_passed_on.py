import asyncio


async def load(fetch, register):
    register(asyncio.create_task(fetch("/orders")))
    await asyncio.wait({asyncio.create_task(fetch("/returns"))})
    task = asyncio.create_task(fetch("/stock"))
    register(task)
