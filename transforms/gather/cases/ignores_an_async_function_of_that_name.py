from asyncio import gather  # noqa: F401


async def gather(*work):
    return work


async def run(fetch):
    await gather(fetch(1), fetch(2))
