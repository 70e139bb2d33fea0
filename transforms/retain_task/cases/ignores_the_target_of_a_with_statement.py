from asyncio import create_task


async def run(fetch, farm):
    with farm.open() as create_task:
        create_task(fetch(1))
