import asyncio


async def load(fetch):
    orders = asyncio.create_task(fetch("/orders"))
    returns = await fetch("/returns")
    return await orders, returns
