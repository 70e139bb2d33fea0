from asyncio import wait_for

try:
    from farm import wait_for
except ImportError:
    pass


async def run(fetch):
    wait_for(fetch(1), 5)
