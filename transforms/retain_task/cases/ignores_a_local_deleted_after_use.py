import asyncio


async def load(fetch):
    task = asyncio.create_task(fetch("/orders"))
    orders = await task
    del task
    return orders
