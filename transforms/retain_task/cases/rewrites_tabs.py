import asyncio


class Shop:
	async def place_order(self, order):
		if order.paid:
			asyncio.create_task(self.confirm(order))
			order.save()

	async def cancel_order(self, order):
		asyncio.create_task(
			self.confirm(order, cancelled=True),	# in the background
		)
