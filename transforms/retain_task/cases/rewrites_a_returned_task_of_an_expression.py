import asyncio


def ship(order):
    return asyncio.create_task(order.ship() if order.is_paid else order.cancel())


def ship_one(order, other):
    return asyncio.create_task(order.ship()) if order else asyncio.create_task(other.ship())


def ship_named(order):
    return (task := asyncio.create_task(order.ship()))


def on_order(order):
    ship(order)
    ship_one(order, None)
    ship_named(order)
