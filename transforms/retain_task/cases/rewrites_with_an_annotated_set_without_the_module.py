# asyncmend: --target-version 3.8 --set types-are-checked=true
from asyncio import create_task


async def place_order(order, mailer):
    create_task(mailer.confirm(order))
    await order.save()
