import asyncio

_background_tasks = set()


async def place_order(order, mailer):
    task = asyncio.create_task(mailer.confirm(order))
    _background_tasks.add(task)
    task.add_done_callback(_background_tasks.discard)


async def cancel_order(order, mailer):
    asyncio.create_task(mailer.cancel(order))
