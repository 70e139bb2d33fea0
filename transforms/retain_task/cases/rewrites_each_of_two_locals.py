import asyncio


async def place_order(order, mailer):
    mailing, saving = asyncio.create_task(mailer.confirm(order)), asyncio.create_task(order.save())
    await saving


async def cancel_order(order, mailer):
    (_, _) = (asyncio.create_task(mailer.cancel(order)), asyncio.create_task(order.save()))
