import asyncio

CONNECT_TIMEOUT = 2 * 60


async def connect(gateway):
    link = await asyncio.wait_for(gateway.connect(), timeout=CONNECT_TIMEOUT)
    return link
