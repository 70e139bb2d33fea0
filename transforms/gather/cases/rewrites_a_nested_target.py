# asyncmend: --target-version 3.12
import asyncio


async def bounds(axis):
    await asyncio.sleep(0)
    return -axis, axis


async def names():
    return ["a", "b", "c"]


async def frame():
    (low, high), (first, *others) = await asyncio.gather(bounds(3), names())
    return low, high, first, others
