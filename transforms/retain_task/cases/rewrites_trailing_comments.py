import asyncio


async def place_order(order, mailer):
    # the customer need not wait for this
    asyncio.create_task(mailer.confirm(order))  # type: ignore[no-untyped-call]
    asyncio.create_task(mailer.invoice(order))  # noqa: E501
    asyncio.create_task(mailer.rate(order))  # pragma: no cover  # pylint: disable=unused
