import asyncio
import logging

from elsewhere import cancel_and_wait

log = logging.getLogger(__name__)
running = set()


def name_of(task):
    return task.get_name()


async def stop(task):
    task.cancel()
    await asyncio.wait([task])


async def load():
    await asyncio.sleep(1)


async def kept():
    task = asyncio.create_task(load())
    running.add(task)
    task.add_done_callback(running.discard)
    return await task


async def looked_at():
    task = asyncio.create_task(load())
    log.debug("waiting for %s: %s, %s", task, name_of(task), isinstance(task, asyncio.Task))
    return await task


async def stopped():
    task = asyncio.create_task(load())
    try:
        return await task
    finally:
        await stop(task)
        await cancel_and_wait(task)


async def listed():
    tasks = []
    for _ in range(3):
        task = asyncio.create_task(load())
        tasks.append(task)
    await asyncio.wait(tasks)
    for task in tasks:
        await task


async def main():
    await asyncio.gather(kept(), load())
    await asyncio.gather(looked_at(), load())
    await asyncio.gather(stopped(), load())
    await asyncio.gather(listed(), load())
