import asyncio


async def wait_until_ready(services, timeout):
    await asyncio.wait_for(asyncio.gather(*[s.ready.wait() for s in services]), timeout)
    names = await asyncio.wait_for(
        asyncio.gather(*(s.name() for s in services)),
        timeout=5,
    )
    return names
