# asyncmend: --target-version 3.12
import asyncio

pending = {}


async def start(name):
    if name not in pending:
        pending[name] = asyncio.create_task(asyncio.sleep(1, name))
    return pending[name]


async def all_of(names):
    statuses = await asyncio.gather(*[start(name) for name in names])
    await asyncio.gather(*statuses)


async def both():
    first, second = await asyncio.gather(start("first"), start("second"))
    await asyncio.gather(first, second)


async def listed(names):
    statuses = list(await asyncio.gather(*[start(name) for name in names]))
    await asyncio.gather(*statuses, asyncio.sleep(1))


async def at_once(names):
    await asyncio.gather(*await asyncio.gather(*[start(name) for name in names]))


async def one_of_them():
    only = (await asyncio.gather(start("first"), start("second")))[0]
    await asyncio.gather(only, asyncio.sleep(1))
