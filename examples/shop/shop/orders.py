"""What is ordered, and what it costs."""
import asyncio
from dataclasses import dataclass

PRICES = {"tea": 4, "cups": 3}


@dataclass
class Order:
    number: int
    item: str
    amount: int


async def in_stock(order):
    await asyncio.sleep(0.01)
    return order.item in PRICES


async def price(order):
    await asyncio.sleep(0.02)
    return order.amount * PRICES.get(order.item, 0)


async def quote(order):
    available, total = await asyncio.gather(in_stock(order), price(order))
    return total if available else None


async def quotes(orders):
    """One quote per order, or the reason why there is none."""
    return await asyncio.gather(*map(quote, orders), return_exceptions=True)
