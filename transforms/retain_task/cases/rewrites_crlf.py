import asyncio

from shop.log import report_failure


async def place_order(order, mailer):
    asyncio.create_task(mailer.confirm(order))
    task = asyncio.create_task(
        mailer.invoice(order),
    )
    task.add_done_callback(report_failure)
