import asyncio


async def run(fetch, farms):
    runner = asyncio
    for farm in farms:
        runner.wait_for(fetch(1), 5)
        runner = farm
