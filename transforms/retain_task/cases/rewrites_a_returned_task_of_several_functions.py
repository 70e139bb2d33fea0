import asyncio

from shop import audit, mail, stock


def record(event, order):
    return asyncio.create_task(audit.record(event, order))


def confirm(order):
    return asyncio.create_task(mail.confirm(order))


async def place_order(order):
    await stock.reserve(order)
    confirm(order); record("placed", order)


async def cancel_order(order):
    await stock.release(order)
    record("cancelled", order)


class Returns:
    async def take_back(self, order):
        if not order.is_paid: return
        record("returned", order)
        asyncio.create_task(mail.refund(order))
