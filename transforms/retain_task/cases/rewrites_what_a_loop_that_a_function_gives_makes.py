import asyncio


def running_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.get_event_loop()
    if not loop.is_running():
        raise RuntimeError("no loop is running")
    return loop


def running_loop_of_old():
    loop = asyncio.get_event_loop()
    if not loop.is_running():
        raise RuntimeError("no loop is running")
    return loop


def spawn(coroutine):
    loop = running_loop()
    return loop.create_task(coroutine)


async def on_order(queue, order):
    running_loop_of_old().create_task(queue.put(order))
    spawn(queue.put(order.id))
    return order.id
