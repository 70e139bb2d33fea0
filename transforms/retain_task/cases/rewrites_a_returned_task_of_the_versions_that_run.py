# asyncmend: --target-version 3.12
import asyncio
import sys

if sys.version_info[:2] >= (3, 12):

    def spawn(coro):
        return asyncio.Task(coro, loop=asyncio.get_running_loop(), eager_start=True)

else:

    def spawn(coro):
        asyncio.create_task(coro)


if sys.version_info < (3, 13):
    start = asyncio.create_task
else:

    def start(coro):
        return asyncio.create_task(coro, name="started")


async def on_order(queue, order):
    spawn(queue.put(order))
    start(queue.put(order))
    return order.id
