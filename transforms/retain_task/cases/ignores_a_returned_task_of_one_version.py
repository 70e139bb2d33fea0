# asyncmend: --target-version 3.10
import asyncio
import sys

if sys.version_info[:2] >= (3, 12):

    def spawn(coro):
        return asyncio.Task(coro, loop=asyncio.get_running_loop(), eager_start=True)

else:

    def spawn(coro):
        return None


if sys.version_info[:1] >= (3, 12):
    start = print
else:

    def start(coro):
        return asyncio.create_task(coro)


if sys.version_info < (3, 10, 1):
    launch = print
else:

    def launch(coro):
        return asyncio.create_task(coro)


async def on_order(queue, order):
    spawn(queue.put(order))
    start(queue.put(order))
    launch(queue.put(order))
    return order.id
