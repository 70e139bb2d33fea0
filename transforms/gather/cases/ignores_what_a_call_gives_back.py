import asyncio  # noqa: F401


async def run(fetch, pick):
    pick("gather")(fetch(1), fetch(2))
