from asyncio import create_task


async def run(fetch, farm):
    create_task, sizes = farm.plan()
    create_task(fetch(1))
    return sizes
