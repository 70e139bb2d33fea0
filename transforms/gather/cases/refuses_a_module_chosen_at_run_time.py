import asyncio

import farm


async def run(fetch, remote):
    runner = farm if remote else asyncio
    runner.gather(fetch(1), fetch(2))
