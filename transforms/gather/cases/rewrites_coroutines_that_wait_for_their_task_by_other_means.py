import asyncio
import logging

logger = logging.getLogger(__name__)


async def load():
    await asyncio.sleep(1)


async def watch(task):
    print(await task)


async def awaited_inside():
    task = asyncio.create_task(load())

    async def stop():
        task.cancel()
        await task

    await stop()
    await asyncio.wait_for(stop(), 1)


async def shielded():
    task = asyncio.create_task(load())
    await asyncio.shield(task)
    return await task


async def waited_for():
    task = asyncio.create_task(load())
    number = await asyncio.wait_for(task, 1)
    return number, await task


async def watched():
    task = asyncio.create_task(load())
    await watch(task)
    await asyncio.wait_for(watch(task), 1)
    await task


async def by_second_name():
    task = other = asyncio.create_task(load())
    logger.log(logging.INFO, other)
    return await task


async def in_own_dict():
    task = asyncio.create_task(load())
    jobs = dict(first=task)
    return await jobs["first"]


async def main():
    await asyncio.gather(awaited_inside(), load())
    await asyncio.gather(shielded(), load())
    await asyncio.gather(waited_for(), load())
    await asyncio.gather(watched(), load())
    await asyncio.gather(by_second_name(), load())
    await asyncio.gather(in_own_dict(), load())
