import asyncio


async def poll():
    await asyncio.sleep(1)


loop = asyncio.get_event_loop()
poller = loop.create_task(poll())
_ = asyncio.ensure_future(poll(), loop=loop)
