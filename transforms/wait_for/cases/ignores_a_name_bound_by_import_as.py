import asyncio  # noqa: F401
import farm as wait_for


async def run(fetch):
    wait_for(fetch(1), 5)
