import asyncio

_open_orders = set()


def opened(order):
    _open_orders.add(order)


def closed(order):
    _open_orders.discard(order)


async def place_order(order, mailer):
    opened(order)
    asyncio.create_task(mailer.confirm(order))
    await order.save()
