import asyncio  # noqa: F401


async def run(fetch, pick):
    pick("wait_for")(fetch(1), 5)
