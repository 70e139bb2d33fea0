# asyncmend: --strict --target-version 3.8
import asyncio


async def place_order(order, mailer):
    asyncio.create_task(mailer.confirm(order))
    await order.save()
