import asyncio


async def flush(journal):
    await journal.drain()


async def close(journal):
    await asyncio.shield(asyncio.wait_for(flush(journal), 3))
    task = asyncio.ensure_future(asyncio.wait_for(journal.drain(), 3))
    await asyncio.shield(task)
