import asyncio


async def start(loop):
    asyncio.ensure_future(asyncio.create_task(work()))
    asyncio.ensure_future(asyncio.gather(work(), work()))
    asyncio.ensure_future(asyncio.ensure_future(asyncio.shield(work())))
