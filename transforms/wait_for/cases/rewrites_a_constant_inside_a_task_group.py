# asyncmend: --target-version 3.11
import asyncio


async def first_word(peer):
    async with asyncio.TaskGroup() as tg:
        tg.create_task(peer.ping())
        word = await asyncio.wait_for(peer.read(), 5)
    return word
