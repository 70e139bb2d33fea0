from asyncio import gather


async def run(fetch, *, gather):
    gather(fetch(1), fetch(2))
