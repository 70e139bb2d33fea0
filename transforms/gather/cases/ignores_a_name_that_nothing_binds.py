import asyncio  # noqa: F401


async def run(fetch):
    gather(fetch(1), fetch(2))
