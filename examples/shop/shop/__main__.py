"""Serves a few orders: `python -m shop`."""
import asyncio

from shop.desk import Desk
from shop.news import Newsletter
from shop.orders import Order


async def main():
    desk = Desk(Newsletter())
    await desk.open()
    for order in [Order(1, "tea", 2), Order(2, "cups", 4), Order(3, "a samovar", 1)]:
        print(await desk.serve(order))
    await desk.close()


asyncio.run(main())
