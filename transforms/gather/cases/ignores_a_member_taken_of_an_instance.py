import asyncio  # noqa: F401


async def run(fetch, farm):
    gather = farm.gather
    gather(fetch(1), fetch(2))
