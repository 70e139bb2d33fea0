import sys
from asyncio import wait

if sys.version_info >= (3, 12):
    from asyncio import wait_for
else:

    async def wait_for(awaitable, timeout):
        done, _ = await wait([awaitable], timeout=timeout)
        return done.pop().result()


async def next_event(events):
    return await wait_for(events.get(), 1)
