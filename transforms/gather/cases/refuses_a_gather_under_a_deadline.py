# asyncmend: --target-version 3.12
import asyncio


async def all_set(events, timeout):
    await asyncio.wait_for(asyncio.gather(*[event.wait() for event in events]), timeout)
