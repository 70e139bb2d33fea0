# asyncmend: --target-version 3.10
import asyncio

import anyio


async def first_word(peer):
    with anyio.CancelScope() as scope:
        peer.on_close(scope.cancel)
        return await asyncio.wait_for(peer.read(), 5)
