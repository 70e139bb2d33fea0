import asyncio


async def place_order(order: str, mailer) -> None:
    await order.save()
    asyncio.shield(mailer.confirm(order))
