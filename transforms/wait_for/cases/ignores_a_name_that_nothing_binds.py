import asyncio  # noqa: F401


async def run(fetch):
    wait_for(fetch(1), 5)
