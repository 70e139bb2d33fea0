import asyncio

from shop.log import report_failure


async def place_order(order, mailer):
    (
        asyncio.create_task(mailer.confirm(order), name="confirm")
        # logged, never raised
        .add_done_callback(report_failure)
    )
