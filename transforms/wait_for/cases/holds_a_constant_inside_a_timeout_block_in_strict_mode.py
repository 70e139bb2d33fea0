# asyncmend: --strict
import asyncio


async def negotiate(peer):
    async with asyncio.timeout(30):
        version = await asyncio.wait_for(peer.version(), timeout=5)
    return version
