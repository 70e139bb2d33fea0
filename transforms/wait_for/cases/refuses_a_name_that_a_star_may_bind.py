from asyncio import wait_for

from farm import *


async def next_event(events):
    return await wait_for(events.get(), 1)
