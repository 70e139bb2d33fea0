# asyncmend: --target-version 3.9 --set types-are-checked=true
import asyncio


async def place_order(order, mailer):
    asyncio.create_task(mailer.confirm(order))
    await order.save()
