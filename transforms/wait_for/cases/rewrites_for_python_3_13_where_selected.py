# asyncmend: --target-version 3.13 --select wait-for
import asyncio
from asyncio import wait_for


async def handshake(peer):
    hello = peer.hello()
    await wait_for(hello, 10)
    return await asyncio.wait_for(peer.accept(), timeout=30)
