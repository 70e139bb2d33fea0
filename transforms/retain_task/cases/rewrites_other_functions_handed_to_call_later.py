# Anything that makes a task, or a future that alone holds tasks, is dropped by the loop that calls it.
import asyncio
import functools


async def refresh(device):
    await device.refresh()


def poll(device, loop: asyncio.AbstractEventLoop):
    loop.call_later(1, asyncio.run_coroutine_threadsafe, refresh(device), loop)
    again = functools.partial(asyncio.run_coroutine_threadsafe, refresh(device), loop)
    loop.call_soon_threadsafe(again)
    loop.call_soon(functools.partial(asyncio.ensure_future, refresh(device)))
    loop.call_soon(asyncio.shield, refresh(device))
    loop.call_later(2, asyncio.gather, refresh(device), refresh(device))
