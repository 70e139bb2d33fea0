import asyncio
import functools

from shop.log import report_failure


async def place_order(order, mailer):
    task = asyncio.create_task(mailer.confirm(order))
    task.add_done_callback(functools.partial(report_failure, order))
    await order.save()
