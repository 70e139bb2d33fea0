import asyncio


class Shop:
    def __init__(self, group: asyncio.TaskGroup):
        self.group = group

    async def place_order(self, order):
        self.group.create_task(order.confirm())
