from asyncio.tasks import create_task

from shop.mail import confirm


async def place_order(order):
    create_task(confirm(order))
