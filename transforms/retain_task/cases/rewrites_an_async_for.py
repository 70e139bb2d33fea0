import asyncio


async def consume(stream, handle):
    async for order in stream:
        asyncio.create_task(handle(order))
    else:
        asyncio.create_task(handle(None))
