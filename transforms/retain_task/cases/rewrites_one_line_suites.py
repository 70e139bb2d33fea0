import asyncio


async def place_order(order, mailer):
    if order.paid: asyncio.create_task(mailer.confirm(order))
    else: asyncio.create_task(mailer.remind(order))
    for item in order.items: asyncio.create_task(mailer.describe(item))


async def close_order(order, mailer): asyncio.create_task(mailer.close(order))
