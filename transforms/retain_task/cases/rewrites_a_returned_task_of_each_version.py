# asyncmend: --target-version 3.10
import asyncio
import sys

if sys.version_info >= (3, 12):

    def spawn(coro):
        return asyncio.Task(coro, loop=asyncio.get_running_loop(), eager_start=True)

    def spawn_named(coro):
        return asyncio.Task(coro, loop=asyncio.get_running_loop(), eager_start=True)

else:
    spawn = asyncio.create_task

    def spawn_named(coro):
        return asyncio.create_task(coro, name="named")


async def publish(queue, order):
    await queue.put(order)


async def on_order(queue, order):
    spawn(publish(queue, order))
    spawn_named(publish(queue, order))
    return order.id


async def on_shutdown(queue):
    await asyncio.shield(spawn(publish(queue, None)))
    await asyncio.shield(spawn_named(publish(queue, None)))
