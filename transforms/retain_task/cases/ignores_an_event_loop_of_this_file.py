import asyncio


class Loop(asyncio.AbstractEventLoop):
    def create_task(self, coro, **more):
        self.started.append(super().create_task(coro, **more))


async def place_order(order, loop: Loop):
    loop.create_task(order.save())
