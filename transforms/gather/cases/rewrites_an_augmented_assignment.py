import asyncio


async def drain(shard):
    await asyncio.sleep(0)
    return [shard]


async def drain_all(log):
    log.events += await asyncio.gather(drain("a"), drain("b"))
