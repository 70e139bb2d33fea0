# asyncmend: --target-version 3.9
from asyncio import TimeoutError as Expired
from asyncio import wait_for as within


async def acquire(lock, seconds):
    try:
        return await within(lock.acquire(), seconds)
    except Expired:
        return False
