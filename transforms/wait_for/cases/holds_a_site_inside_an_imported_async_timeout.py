# asyncmend: --target-version 3.8
from asyncio import wait_for

from async_timeout import timeout as limit


async def update(device, seconds):
    async with limit(10):
        await wait_for(device.refresh(), seconds)
