import asyncio
from contextlib import AsyncExitStack

import anyio


async def start(peer):
    async with AsyncExitStack() as stack:
        tg = await stack.enter_async_context(anyio.create_task_group())
        tg.start_soon(peer.ping)


async def first_word(peer):
    return await asyncio.wait_for(peer.read(), 5)
