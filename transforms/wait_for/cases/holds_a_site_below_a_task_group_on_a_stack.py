# asyncmend: --target-version 3.10
import asyncio
from contextlib import AsyncExitStack

import anyio


async def first_word(peer):
    async with AsyncExitStack() as stack:
        tg = await stack.enter_async_context(anyio.create_task_group())
        tg.start_soon(peer.ping)
        return await asyncio.wait_for(peer.read(), 5)
