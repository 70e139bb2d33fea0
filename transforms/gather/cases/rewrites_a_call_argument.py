# asyncmend: --target-version 3.8
import asyncio


async def load(source):
    await asyncio.sleep(0)
    return [source]


async def merge(render):
    return render(*await asyncio.gather(load("left"), load("right")), sort=True)
