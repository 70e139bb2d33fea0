from asyncio import gather

import farm

del gather
gather = farm.gather


async def run(fetch):
    gather(fetch(1), fetch(2))
