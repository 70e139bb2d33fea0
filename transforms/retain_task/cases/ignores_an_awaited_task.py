import asyncio


async def load(fetch):
    await asyncio.create_task(fetch("/orders"))
    orders = await asyncio.ensure_future(fetch("/orders"))
    await asyncio.gather(fetch("/a"), fetch("/b"))
    return orders
