from asyncio import wait_for

DEFAULT_WAITER = wait_for


async def read(stream, wait_for=DEFAULT_WAITER):
    return await wait_for(stream.read(), 5)
