import asyncio


def steps(order):
    yield asyncio.create_task(order.pay())
    return asyncio.create_task(order.ship())


async def shipments(order):
    for parcel in order.parcels:
        yield asyncio.create_task(parcel.ship())


def ship(order):
    return asyncio.create_task(order.ship()), order.parcels


def ship_all(orders):
    return [order if order.is_shipped else asyncio.create_task(order.ship()) for order in orders]


def shipper(order):
    return lambda: asyncio.create_task(order.ship())


def later(order):
    def ship():
        return asyncio.create_task(order.ship())

    return ship


async def shipped(order):
    return await asyncio.create_task(order.ship())


async def on_order(order):
    steps(order)
    shipments(order)
    ship(order)
    ship_all([order])
    shipper(order)
    later(order)
    await shipped(order)
