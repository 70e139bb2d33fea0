from asyncio import gather

try:
    from farm import gather
except ImportError:
    pass


async def run(fetch):
    gather(fetch(1), fetch(2))
