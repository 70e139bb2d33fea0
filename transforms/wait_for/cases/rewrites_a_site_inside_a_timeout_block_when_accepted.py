# asyncmend: --accept inside-timeout
import asyncio


async def negotiate(peer, limit):
    async with asyncio.timeout(30):
        return await asyncio.wait_for(peer.version(), limit)
