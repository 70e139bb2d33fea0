import asyncio

import farm


async def run(fetch):
    for runner in (asyncio, farm):
        runner.wait_for(fetch(1), 5)
