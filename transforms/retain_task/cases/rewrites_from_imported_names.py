from asyncio import create_task, ensure_future, get_running_loop

from shop.mail import confirm


async def place_order(order):
    create_task(confirm(order))


async def cancel_order(order):
    ensure_future(confirm(order, cancelled=True))


def ship_order(order):
    get_running_loop().create_task(confirm(order, shipped=True))
