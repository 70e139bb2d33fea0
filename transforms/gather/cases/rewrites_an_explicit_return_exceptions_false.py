import asyncio


async def stop(service):
    await asyncio.sleep(0)


async def stop_all(services):
    await asyncio.gather(*[stop(service) for service in services], return_exceptions=False)
