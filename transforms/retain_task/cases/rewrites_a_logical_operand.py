import asyncio


async def place_order(order, mailer, audit):
    order.paid and asyncio.create_task(mailer.confirm(order))
    order.silent or asyncio.create_task(audit.record(order))
