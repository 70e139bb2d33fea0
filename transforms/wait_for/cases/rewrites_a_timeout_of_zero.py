import asyncio


async def try_acquire(semaphore):
    try:
        await asyncio.wait_for(semaphore.acquire(), timeout=0)
    except asyncio.TimeoutError:
        return False
    return True
