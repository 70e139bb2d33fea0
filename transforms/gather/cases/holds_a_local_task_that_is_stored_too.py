# asyncmend: --target-version 3.8
import asyncio


async def follow(feed, registry):
    updates = asyncio.ensure_future(feed.updates())
    registry[feed.name] = updates
    await asyncio.gather(updates, feed.replay())
