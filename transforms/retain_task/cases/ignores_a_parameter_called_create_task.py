async def place_order(order, create_task):
    create_task(order.confirm())


async def cancel_order(order, ensure_future=print):
    ensure_future(order.cancel())
