from asyncio import create_task


async def run(fetch, farm):
    if create_task := farm.runner:
        create_task(fetch(1))
