import asyncio


async def place_order(order, mailer):
    asyncio.create_task(mailer.confirm(order)) if order.paid else None
    asyncio.create_task(mailer.thank(order)) if order.big else asyncio.create_task(mailer.bill())
