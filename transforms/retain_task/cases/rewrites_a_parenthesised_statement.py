import asyncio


async def place_order(order, mailer):
    (asyncio.create_task(mailer.confirm(order)))
    (
        asyncio.create_task(mailer.invoice(order))  # in parentheses for no reason
    )
