# asyncmend: --target-version 3.11
import asyncio


async def words(peer):
    async with asyncio.TaskGroup() as tg:
        tg.create_task(peer.ping())
        while await asyncio.wait_for(peer.read(), 5):
            pass
