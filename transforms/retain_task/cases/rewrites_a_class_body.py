import asyncio


async def warm_up():
    await asyncio.sleep(1)


class Service:
    """Starts to warm up when it is defined."""

    name = "orders"
    asyncio.get_event_loop().create_task(warm_up())
