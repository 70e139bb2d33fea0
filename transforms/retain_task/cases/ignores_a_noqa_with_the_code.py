import asyncio


async def place_order(order, mailer):
    asyncio.create_task(mailer.confirm(order))  # noqa: RUF006
    asyncio.create_task(mailer.invoice(order))  # noqa: E501, RUF006 - the mailer keeps it
    _ = asyncio.create_task(mailer.rate(order))  # noqa: ASYNC300
    asyncio.create_task(mailer.thank(order))  # NOQA:S7502
