import asyncio


async def place_order(order, mailer):
    asyncio.create_task(mailer.confirm(order))