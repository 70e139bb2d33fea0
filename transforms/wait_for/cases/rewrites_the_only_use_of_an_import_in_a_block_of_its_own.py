# asyncmend: --target-version 3.11
import asyncio

from asyncio import wait_for


async def acquire(lock, seconds):
    async with asyncio.timeout(seconds):
        await lock.open()
    await wait_for(lock.acquire(), 1)
