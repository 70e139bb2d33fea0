# asyncmend: --target-version 3.11
import asyncio


async def negotiate(peer):
    async with asyncio.timeout(30):
        await peer.hello()
        version = await asyncio.wait_for(peer.version(), timeout=5)
    return version
