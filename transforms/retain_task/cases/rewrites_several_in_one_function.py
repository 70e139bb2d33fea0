import asyncio

from shop import audit, mail, stock


async def place_order(order):
    asyncio.create_task(mail.confirm(order))
    asyncio.create_task(stock.reserve(order), name="reserve")
    asyncio.ensure_future(audit.record("placed", order))
