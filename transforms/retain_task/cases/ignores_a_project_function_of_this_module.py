import asyncio

_running = []


def create_task(coroutine):
    _running.append(asyncio.ensure_future(coroutine))


async def place_order(order):
    create_task(order.confirm())
