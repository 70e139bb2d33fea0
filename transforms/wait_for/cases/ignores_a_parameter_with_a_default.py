import asyncio


async def run(fetch, wait_for=print):
    wait_for(fetch(1), 5)
