import asyncio


def price(order):
    if order.is_priced:
        return order.price
    return asyncio.create_task(order.fetch_price())


async def close(transport):
    transport.close()


def disconnect(transport):
    if transport:
        return asyncio.ensure_future(close(transport))
    future = asyncio.get_running_loop().create_future()
    future.set_result(None)
    return future


async def delete(message, delay):
    async def delete_later():
        await asyncio.sleep(delay)
        await message.delete()

    if delay:
        return asyncio.create_task(delete_later())
    return await message.delete()


def schedule(target):
    loop = asyncio.get_running_loop()
    if asyncio.iscoroutinefunction(target):
        result = loop.create_task(target())
    else:
        result = loop.run_in_executor(None, target)
    return result


def ship_or_not(order):
    return asyncio.create_task(order.ship()) if order.is_paid else None


def ship_if_paid(order):
    return order.is_paid and asyncio.create_task(order.ship())


async def on_order(order, transport):
    price(order)
    disconnect(transport)
    delete(order, 3)
    await delete(order, 3)
    schedule(order.ship)
    ship_or_not(order)
    ship_if_paid(order)
    await price(order)
    return disconnect(transport)
