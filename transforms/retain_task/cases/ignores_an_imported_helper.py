import asyncio

from shop.aio import keep


async def place_order(order, mailer):
    keep(asyncio.create_task(mailer.confirm(order)))
