import asyncio  # noqa: F401


async def run(fetch, runners):
    runners["wait_for"](fetch(1), 5)
