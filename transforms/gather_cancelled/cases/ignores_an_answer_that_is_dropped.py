import asyncio


async def drain(subscriptions):
    done = asyncio.gather(*[each.drain() for each in subscriptions])
    try:
        await asyncio.shield(done)
    except asyncio.TimeoutError:
        # Nothing is to be reported of it.
        done.exception()
        print("timed out")
