# asyncmend: --target-version 3.12 --select gather
import asyncio


async def run[asyncio](fetch, kind: asyncio):
    asyncio.gather(fetch(1), fetch(2))
