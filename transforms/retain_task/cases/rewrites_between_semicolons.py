import asyncio


async def place_order(order, mailer):
    order.save(); asyncio.create_task(mailer.confirm(order)); order.lock()
    if order.paid: order.close(); asyncio.create_task(mailer.thank(order));
