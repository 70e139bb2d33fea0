# asyncmend: --set gather.style=idiom
import asyncio


async def fetch(key):
    return await asyncio.sleep(0, key)


async def main(task):
    return await asyncio.gather(fetch(1), task)


async def one_by_one(render):
    return [fetch(0), await asyncio.gather(fetch(1), fetch(2))]
