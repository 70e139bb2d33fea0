from farm import *


async def run(fetch):
    gather(fetch(1), fetch(2))
