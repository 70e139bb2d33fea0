import asyncio


async def warm_up():
    await asyncio.sleep(1)


class Service:
    warm = asyncio.get_event_loop().create_task(warm_up())
