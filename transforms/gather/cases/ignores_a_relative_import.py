from .asyncio import gather
from . import asyncio


async def convert(left, right):
    first = await gather(left.convert(), right.convert())
    return first, await asyncio.gather(left.close(), right.close())
