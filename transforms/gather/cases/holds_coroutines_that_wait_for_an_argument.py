import asyncio


async def work(): ...


async def timed(awaitable):
    return await awaitable


async def limited(limit, *, to):
    async with limit:
        return await asyncio.wait_for(to, 3)


async def both(*awaitables):
    return await asyncio.gather(*awaitables)


class Worker:
    async def timed(self, awaitable):
        return await awaitable


async def main(worker: Worker, limit, tasks):
    await asyncio.gather(timed(worker.task), work())
    await asyncio.gather(limited(limit, to=worker.task), work())
    await asyncio.gather(*(timed(task) for task in worker.tasks))
    await asyncio.gather(*(worker.timed(task) for task in tasks))
    await asyncio.gather(both(work(), worker.task), work())
    await asyncio.gather(timed(*tasks), work())
