import asyncio

from shop.log import report_failure


async def consume(orders, handle):
    async for order in orders:
        task = asyncio.create_task(handle(order))
        task.add_done_callback(report_failure)
