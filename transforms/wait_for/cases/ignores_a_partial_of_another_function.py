import functools

import farm

wait_for = functools.partial(farm.wait_for, retries=3)


async def run(fetch):
    wait_for(fetch(1), 5)
