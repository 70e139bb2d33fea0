import asyncio


async def run(fetch, gather=print):
    gather(fetch(1), fetch(2))
