import asyncio


async def first_done(left, right):
    done, pending = await asyncio.wait({left, right}, return_when=asyncio.FIRST_COMPLETED)
    for next_done in asyncio.as_completed(pending):
        await next_done
    return done
