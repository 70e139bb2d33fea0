import asyncio  # noqa: F401


async def run(fetch, farm):
    wait_for = farm.wait_for
    wait_for(fetch(1), 5)
