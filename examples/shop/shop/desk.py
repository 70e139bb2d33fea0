"""Where orders are served."""
import asyncio

from shop.orders import quote

PATIENCE = 1.5


class Desk:
    def __init__(self, newsletter):
        self.newsletter = newsletter
        self.queue = asyncio.Queue()
        self.clerks = []

    async def open(self):
        self.clerks = [asyncio.create_task(self.work()) for _ in range(2)]
        self.newsletter.announce("we are open")

    async def serve(self, order):
        answer = asyncio.get_running_loop().create_future()
        await self.queue.put((order, answer))
        try:
            total = await asyncio.wait_for(answer, PATIENCE)
        except asyncio.TimeoutError:
            return f"order {order.number}: nobody has time"
        if total is None:
            return f"order {order.number}: sold out"
        return f"order {order.number}: {total} coins"

    async def work(self):
        while (job := await self.next_job(timeout=60)) is not None:
            order, answer = job
            answer.set_result(await quote(order))
            self.newsletter.announce(f"order {order.number} served")

    async def next_job(self, timeout):
        return await asyncio.wait_for(self.queue.get(), timeout)

    async def close(self):
        for _ in self.clerks:
            await self.queue.put(None)
        await asyncio.gather(*self.clerks)
