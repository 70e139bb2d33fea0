from . import asyncio
from .asyncio import wait_for


async def read(stream):
    head = await wait_for(stream.read(8), 5)
    return head + await asyncio.wait_for(stream.read(), 5)
