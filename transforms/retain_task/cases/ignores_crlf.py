import asyncio


async def place_order(order, mailer):
    sending = asyncio.create_task(mailer.confirm(order))
    await order.save()
    await sending
