# asyncmend: --target-version 3.12 --select wait-for
import asyncio


async def run[asyncio](fetch, kind: asyncio):
    asyncio.wait_for(fetch(1), 5)
