import asyncio


async def call(send, *limit):
    return await asyncio.wait_for(send(), *limit)
