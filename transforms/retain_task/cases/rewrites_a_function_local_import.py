"""Signals of the order model; asyncio is only needed in a running loop."""

from shop.mail import confirm


def order_saved(order):
    import asyncio

    asyncio.ensure_future(confirm(order))
