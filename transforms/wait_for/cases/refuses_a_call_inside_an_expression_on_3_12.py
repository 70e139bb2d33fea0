# asyncmend: --target-version 3.12 --select wait-for
import asyncio


async def is_ready(probe):
    return (await asyncio.wait_for(probe(), 5)).status == 200
