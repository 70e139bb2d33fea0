import asyncio


class Shop:
  async def place_order(self, order):
    if order.paid:
      asyncio.create_task(self.mailer.confirm(order))

  async def cancel_order(self, order):
    _ = asyncio.create_task(self.mailer.cancel(order))
