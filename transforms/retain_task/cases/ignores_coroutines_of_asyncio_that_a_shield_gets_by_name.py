import asyncio


async def wait_for_all(tasks):
    waiting = asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    await asyncio.shield(waiting)
