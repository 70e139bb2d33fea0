import asyncio


async def place_order(order, mailer):
    _ = asyncio.create_task(mailer.confirm(order))
    return order
