# asyncmend: --target-version 3.12
import asyncio


async def measure(host):
    return len(host)


async def versions():
    """The import makes the name above it one of a local, too, which is an error as it is."""
    queue = asyncio.Queue()
    import asyncio

    left, right = await asyncio.gather(measure("left"), measure("right"))
    return queue, left, right
