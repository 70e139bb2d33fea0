import asyncio  # noqa: F401


async def run(fetch, runners):
    runners["gather"](fetch(1), fetch(2))
