# asyncmend: --target-version 3.9
import asyncio

_background_tasks = set()


def _keep_task(task):
    _background_tasks.add(task)
    task.add_done_callback(_background_tasks.discard)
    return task


def _wait_for(orders, number):
    return [order for order in orders if order.number >= number]


async def place_order(client, order):
    _keep_task(asyncio.create_task(client.log(order)))
    asyncio.create_task(client.confirm(order))
    await asyncio.gather(client.store(order), client.archive(order))
    await asyncio.wait_for(client.settle(_wait_for(client.orders, order.number)), 5)
