import asyncio


async def work(): ...


async def timed(awaitable):
    return await awaitable


async def limited(limit, *, to):
    async with limit:
        return await asyncio.wait_for(to, 3)


class Queue:
    async def take(self):
        item = await self._items.get(1)
        await asyncio.shield(self._connection)
        await asyncio.wait([self._connection])
        async with self._condition:
            await self._condition.wait_for(self._ready)
        return item

    async def runs(self):
        task = asyncio.create_task(work())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        results = [await part for part in [work(), work()]]
        return await task, results


async def main(queue: Queue, limit):
    await asyncio.gather(queue.take(), work())
    await asyncio.gather(queue.runs(), work())
    await asyncio.gather(timed(work()), work())
    await asyncio.gather(limited(limit, to=work()), work())
    mine = asyncio.create_task(work())
    await asyncio.gather(timed(mine), work())
