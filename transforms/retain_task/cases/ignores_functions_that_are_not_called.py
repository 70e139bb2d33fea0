import asyncio

spawn = asyncio.create_task


def start_all(coroutines, pool):
    pool.submit = asyncio.ensure_future
    return list(map(asyncio.create_task, coroutines))
