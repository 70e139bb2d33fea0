from asyncio import wait_for

import farm

del wait_for
wait_for = farm.wait_for


async def run(fetch):
    wait_for(fetch(1), 5)
