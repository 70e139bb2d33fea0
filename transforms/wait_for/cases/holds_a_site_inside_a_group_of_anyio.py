# asyncmend: --target-version 3.10
import asyncio

import anyio


async def first_word(peer):
    async with anyio.create_task_group() as tg:
        tg.start_soon(peer.ping)
        return await asyncio.wait_for(peer.read(), 5)
