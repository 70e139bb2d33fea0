import asyncio


async def negotiate(peer):
    async with asyncio.timeout(await asyncio.wait_for(peer.patience(), 1)):
        await peer.hello()
