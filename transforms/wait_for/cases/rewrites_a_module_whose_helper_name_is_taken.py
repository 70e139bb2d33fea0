# asyncmend: --target-version 3.9
import asyncio


def _wait_for(seconds):
    return asyncio.sleep(seconds)


async def pause(event, seconds):
    await _wait_for(1)
    await asyncio.wait_for(event.wait(), seconds)
