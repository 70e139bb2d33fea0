from asyncio import wait_for


async def run(fetch, farm):
    wait_for, sizes = farm.plan()
    wait_for(fetch(1), 5)
    return sizes
