"""Orders, as they come in."""
import asyncio
import logging

logger = logging.getLogger(__name__)


class Shop:
    def __init__(self, client, mailer):
        self.client = client
        self.mailer = mailer
        self.incoming = asyncio.Queue()

    async def place_order(self, order):
        stock, customer = await asyncio.gather(self.stock(order), self.customer(order))
        asyncio.create_task(self.confirm(customer, stock))
        return stock

    async def next_order(self):
        try:
            return await asyncio.wait_for(self.incoming.get(), timeout=5)
        except asyncio.TimeoutError:
            logger.info("nothing to do")
            return None

    async def stock(self, order):
        return await self.client.fetch("/stock", order)

    async def customer(self, order):
        return await self.client.fetch("/customer", order)

    async def confirm(self, customer, stock):
        await self.mailer.send(customer, stock)
