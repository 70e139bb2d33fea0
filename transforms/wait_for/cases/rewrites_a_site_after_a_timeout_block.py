import asyncio


async def negotiate(peer, limit):
    async with asyncio.timeout(30):
        await peer.hello()
    version = await asyncio.wait_for(peer.version(), limit)
    return version
