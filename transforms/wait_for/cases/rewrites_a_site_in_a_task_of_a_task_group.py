# asyncmend: --target-version 3.11
import asyncio


async def ask_both(peer, limit):
    async with asyncio.TaskGroup() as tg:
        hello = tg.create_task(asyncio.wait_for(peer.hello(), limit))
        versions = await asyncio.gather(*[asyncio.wait_for(it.version(), limit) for it in peer.all])
    return hello.result(), versions
