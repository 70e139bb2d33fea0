import asyncio
import time


async def wait_for(condition, timeout):
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise asyncio.TimeoutError
        await asyncio.sleep(0.1)


async def until_empty(queue):
    await wait_for(queue.empty, timeout=5)
