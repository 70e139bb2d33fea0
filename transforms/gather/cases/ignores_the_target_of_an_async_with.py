from asyncio import gather


async def run(fetch, farm):
    async with farm.open() as gather:
        gather(fetch(1), fetch(2))
