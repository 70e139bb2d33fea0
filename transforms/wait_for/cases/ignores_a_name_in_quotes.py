import asyncio  # noqa: F401


async def run(fetch, evaluate):
    evaluate("asyncio.wait_for(fetch(1), 5)")
