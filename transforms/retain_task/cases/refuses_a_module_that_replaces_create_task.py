import asyncio


def install_tracing(traced):
    asyncio.create_task = traced


async def place_order(order, mailer):
    asyncio.create_task(mailer.confirm(order))
