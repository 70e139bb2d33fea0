import asyncio


async def run(fetch, farms):
    runner = asyncio
    for farm in farms:
        runner.gather(fetch(1), fetch(2))
        runner = farm
