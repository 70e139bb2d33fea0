# asyncmend: --target-version 3.8
import asyncio


async def pause(event, _wait_for=5):
    await asyncio.wait_for(event.wait(), _wait_for)
    return _wait_for
