from asyncio import gather

from farm import *


async def run(fetch):
    await gather(fetch(1), fetch(2))
