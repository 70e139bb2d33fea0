import asyncio


async def place_order(order, mailer):
    sending = asyncio.create_task(mailer.confirm(order))
    sending.set_name(f"confirm-{order.id}")
    order.worker = sending.get_name()
