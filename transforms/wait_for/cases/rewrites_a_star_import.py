from asyncio import *


async def next_event(events):
    event = await wait_for(events.get(), 1)
    return event
