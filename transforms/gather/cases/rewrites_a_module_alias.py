import asyncio as aio


async def resolve(host):
    await aio.sleep(0)
    return host


async def resolve_pair(primary, fallback):
    first, second = await aio.gather(resolve(primary), resolve(fallback))
    return first or second
