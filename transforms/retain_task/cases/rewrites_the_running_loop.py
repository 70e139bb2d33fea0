import asyncio


def schedule_refresh(cache):
    asyncio.get_running_loop().create_task(cache.refresh())


def schedule_flush(cache):
    loop = asyncio.get_event_loop()
    loop.create_task(cache.flush(), name="flush")
