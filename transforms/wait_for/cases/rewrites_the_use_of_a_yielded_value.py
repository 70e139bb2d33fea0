import asyncio


async def commands(queue):
    aborted = False
    while not aborted:
        aborted = yield await asyncio.wait_for(queue.get(), 0.1)
