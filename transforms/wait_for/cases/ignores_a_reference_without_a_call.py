import asyncio
import functools

soon = functools.partial(asyncio.wait_for, timeout=1)


async def read(stream, waiter=asyncio.wait_for):
    return await soon(stream.read(waiter))
