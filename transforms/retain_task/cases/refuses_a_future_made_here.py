import asyncio


def reserve(loop: asyncio.AbstractEventLoop, waiters):
    slot = loop.create_future()
    waiters.append(slot)
    asyncio.ensure_future(slot)
