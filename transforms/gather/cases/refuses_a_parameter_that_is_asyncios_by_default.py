import asyncio


async def read_all(left, right, together=asyncio.gather):
    return await together(left.read(), right.read())
