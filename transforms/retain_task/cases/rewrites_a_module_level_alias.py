import asyncio

from shop.mail import confirm

create_task = asyncio.create_task


async def place_order(order):
    create_task(confirm(order))
