import asyncio


async def place_order(order, mailer):
    if order.paid: asyncio.create_task(mailer.confirm(order))