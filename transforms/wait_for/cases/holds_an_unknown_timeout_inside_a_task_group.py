# asyncmend: --target-version 3.11
import asyncio


async def first_word(peer, limit):
    async with asyncio.TaskGroup() as tg:
        tg.create_task(peer.ping())
        return await asyncio.wait_for(peer.read(), limit)
