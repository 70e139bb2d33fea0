import asyncio.tasks

from shop.mail import confirm


async def place_order(order):
    asyncio.tasks.create_task(confirm(order))
