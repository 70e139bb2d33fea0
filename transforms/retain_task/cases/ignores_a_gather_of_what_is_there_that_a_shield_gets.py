import asyncio


async def of_tasks(one, other):
    await asyncio.shield(asyncio.gather(one, other))


async def of_one_that_is_there(one, other):
    await asyncio.shield(asyncio.gather(one.close(), other))


async def of_a_queue(tasks):
    await asyncio.shield(asyncio.gather(tasks.pop(), tasks.pop()))


async def of_all(tasks):
    await asyncio.shield(asyncio.gather(*tasks))
