from asyncio import wait_for as within


async def acquire(lock):
    await within(lock.acquire(), 2)
