import asyncio  # noqa: F401


async def run(fetch, evaluate):
    evaluate("asyncio.gather(fetch(1), fetch(2))")
