import asyncio
import sys

import farm

if sys.version_info >= (3, 12):
    from asyncio import wait_for
else:

    async def wait_for(awaitable, timeout):
        done, _ = await asyncio.wait([awaitable], timeout=timeout)
        return done.pop().result()


wait_at_most = asyncio.wait_for if sys.version_info >= (3, 12) else farm.wait_for


async def next_event(events):
    await wait_at_most(events.get(), 1)
    return await wait_for(events.get(), 1)
