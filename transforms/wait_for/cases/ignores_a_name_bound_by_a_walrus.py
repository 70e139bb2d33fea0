from asyncio import wait_for


async def run(fetch, farm):
    if wait_for := farm.runner:
        wait_for(fetch(1), 5)
