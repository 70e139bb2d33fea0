import asyncio


async def read(meter):
    await asyncio.sleep(0)
    return meter


async def all_but_first(meters):
    found = await asyncio.gather(*map(read, (rest := meters[1:])))
    return dict(zip(rest, found))
