import asyncio


async def run(fetch, create_task=print):
    create_task(fetch(1))
