import asyncio  # noqa: F401
import farm as gather


async def run(fetch):
    gather(fetch(1), fetch(2))
