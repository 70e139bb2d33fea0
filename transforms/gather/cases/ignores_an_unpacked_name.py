from asyncio import gather


async def run(fetch, farm):
    gather, sizes = farm.plan()
    gather(fetch(1), fetch(2))
    return sizes
