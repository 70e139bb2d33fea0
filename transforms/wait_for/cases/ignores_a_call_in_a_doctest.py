import asyncio  # noqa: F401


async def run(fetch):
    """Run it.

    >>> asyncio.wait_for(fetch(1), 5)
    """
    fetch()
