import asyncio
import functools

import retrying


async def load():
    await asyncio.sleep(1)


def timed(function):
    @functools.wraps(function)
    async def wrapper(*args):
        task = asyncio.ensure_future(function(*args))
        return await asyncio.wait_for(task, 3)

    return wrapper


def registered(function):
    return function


@timed
async def user():
    await asyncio.sleep(1)


@registered
def start():
    return asyncio.create_task(load())


@retrying.retry
async def order():
    await asyncio.sleep(1)


async def wait_for_user():
    return await user()


async def wait_for_start():
    return await start()


async def wait_for_order():
    return await order()


async def main():
    await asyncio.gather(user(), load())
    await asyncio.gather(wait_for_user(), load())
    await asyncio.gather(wait_for_start(), load())
    # Nothing tells.
    await asyncio.gather(order(), load())
    await asyncio.gather(wait_for_order(), load())
