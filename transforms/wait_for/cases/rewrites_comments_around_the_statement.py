import asyncio


async def greet(peer):
    # The peer speaks first.
    banner = await asyncio.wait_for(peer.readline(), timeout=5)  # RFC 5321
    # Then we do.
    await peer.write(banner)
