import asyncio

import farm


async def run(fetch, remote):
    runner = farm if remote else asyncio
    runner.wait_for(fetch(1), 5)
