import functools
from asyncio import wait_for  # noqa: F401


@functools.lru_cache(maxsize=None)
def wait_for(*work):
    return work


async def run(fetch):
    wait_for(fetch(1), 5)
