from asyncio import wait_for


async def run(fetch, farm):
    with farm.open() as wait_for:
        wait_for(fetch(1), 5)
