import asyncio


async def start(future):
    asyncio.ensure_future(asyncio.gather())
    asyncio.ensure_future(asyncio.ensure_future(asyncio.wrap_future(future)))
