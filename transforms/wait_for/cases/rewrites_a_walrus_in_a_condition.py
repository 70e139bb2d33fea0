import asyncio
import contextlib


async def follow(leader, wait_seconds):
    with contextlib.suppress(asyncio.TimeoutError):
        if name := await asyncio.wait_for(asyncio.shield(leader), wait_seconds): return name
    return None
