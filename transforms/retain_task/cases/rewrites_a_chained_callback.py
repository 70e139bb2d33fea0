import asyncio

from shop.log import report_failure


async def place_order(order, mailer):
    asyncio.create_task(mailer.confirm(order)).add_done_callback(report_failure)
    asyncio.ensure_future(
        mailer.invoice(order)
    ).add_done_callback(lambda done: report_failure(done, order))
