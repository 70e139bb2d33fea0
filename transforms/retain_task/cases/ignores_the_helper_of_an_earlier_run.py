import asyncio

_background_tasks = set()


def _keep_task(task):
    _background_tasks.add(task)
    task.add_done_callback(_background_tasks.discard)
    return task


async def place_order(order, mailer):
    _keep_task(asyncio.create_task(mailer.confirm(order)))
    order.paid and _keep_task(asyncio.create_task(mailer.thank(order)))
    asyncio.get_running_loop().call_soon(
        lambda: _keep_task(asyncio.create_task(mailer.invoice(order)))
    )
