import asyncio


class Shop:
    def create_task(self, coroutine):
        task = asyncio.create_task(coroutine)
        self.tasks.append(task)
        return task

    async def place_order(self, order):
        self.create_task(order.confirm())
