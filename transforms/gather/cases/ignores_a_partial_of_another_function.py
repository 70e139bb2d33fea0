import functools

import farm

gather = functools.partial(farm.gather, retries=3)


async def run(fetch):
    gather(fetch(1), fetch(2))
