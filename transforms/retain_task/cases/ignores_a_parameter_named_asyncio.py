import asyncio


async def load(fetch):
    return await asyncio.wait_for(fetch(), 5)


def replay(asyncio, fetch):
    asyncio.ensure_future(fetch())
