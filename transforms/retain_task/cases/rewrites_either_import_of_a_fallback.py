try:
    from asyncio import create_task
except ImportError:
    from asyncio import ensure_future as create_task

from shop.mail import confirm


async def place_order(order):
    create_task(confirm(order))
