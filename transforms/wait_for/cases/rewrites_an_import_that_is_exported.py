# asyncmend: --target-version 3.9
from asyncio import wait_for

__all__ = ["fetch", "wait_for"]


async def fetch(page):
    return await wait_for(page.load(), 5)
