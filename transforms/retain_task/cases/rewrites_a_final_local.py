import asyncio
from typing import Final

from shop.log import report_failure


async def place_order(order, hook):
    task: Final = asyncio.create_task(hook.store(order))
    task.add_done_callback(report_failure)


async def drop_order(order, hook):
    removal: "asyncio.Task[None]" = asyncio.create_task(hook.remove(order))
