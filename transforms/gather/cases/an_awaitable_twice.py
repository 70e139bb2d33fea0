import asyncio


async def load(name):
    return name


async def waits_for_one(rendering):
    left, right = await asyncio.gather(rendering, rendering)
    return left, right


async def by_name(name):
    rendering = load(name)
    return await asyncio.gather(rendering, load("other"), rendering)


async def by_attribute(chain):
    return await asyncio.gather(chain.id, load("block"), chain.id)


async def by_item(jobs):
    return await asyncio.gather(jobs[0], load("block"), jobs[1], jobs[0])
