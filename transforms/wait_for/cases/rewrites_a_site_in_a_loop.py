import asyncio


async def consume(queue, handle):
    while True:
        item = await asyncio.wait_for(queue.get(), timeout=1)
        if item is None:
            break
        handle(item)
