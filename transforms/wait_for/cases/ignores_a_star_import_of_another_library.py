from farm import *


async def run(fetch):
    wait_for(fetch(1), 5)
