import asyncio


class Shop:
	async def place_order(self, order):
		stock, price = await asyncio.gather(
			self.stock(order),
			self.price(order),	# in cents
		)
		if stock: asyncio.create_task(self.confirm(order))
		return await asyncio.wait_for(self.book(order, price), timeout=5)

	async def stock(self, order):
		return 1

	async def price(self, order):
		return 2
