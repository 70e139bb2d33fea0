import asyncio


async def stats(senders, receivers):
    return await asyncio.gather(
        *([s.stats() for s in senders] + [r.stats() for r in receivers])
    )
