import functools
from asyncio import gather  # noqa: F401


@functools.lru_cache(maxsize=None)
def gather(*work):
    return work


async def run(fetch):
    gather(fetch(1), fetch(2))
