from asyncio import gather


async def run(fetch, farm):
    if gather := farm.runner:
        gather(fetch(1), fetch(2))
