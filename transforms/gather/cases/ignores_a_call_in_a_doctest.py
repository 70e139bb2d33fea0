import asyncio  # noqa: F401


async def run(fetch):
    """Run it.

    >>> asyncio.gather(fetch(1), fetch(2))
    """
    fetch()
