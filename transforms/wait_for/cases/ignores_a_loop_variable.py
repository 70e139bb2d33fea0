from asyncio import wait_for

WAITERS = (wait_for,)


async def read_all(stream, waiters):
    return [await wait_for(stream.read(), 5) for wait_for in waiters]
