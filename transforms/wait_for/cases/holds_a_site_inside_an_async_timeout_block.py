# asyncmend: --target-version 3.9
import asyncio

import async_timeout


async def update(device):
    async with async_timeout.timeout(10):
        state = await asyncio.wait_for(device.state(), timeout=5)
    return state
