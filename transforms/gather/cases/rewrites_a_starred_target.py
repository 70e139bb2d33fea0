# asyncmend: --target-version 3.13
import asyncio


async def ask(peer):
    await asyncio.sleep(0)
    return peer


async def vote(peers):
    leader, *followers = await asyncio.gather(ask("leader"), *[ask(peer) for peer in peers])
    return leader, followers
