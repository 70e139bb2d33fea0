# asyncmend: --target-version 3.8 --set types-are-checked=true
import asyncio


async def place_order(order, mailer):
    await order.save()
    asyncio.create_task(mailer.confirm(order))
