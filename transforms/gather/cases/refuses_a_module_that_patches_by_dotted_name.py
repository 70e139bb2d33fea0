import asyncio
from unittest import mock


async def tick(clock):
    await asyncio.sleep(0)
    return clock


async def check_ticks():
    with mock.patch("app.clock.asyncio.gather") as gathered:
        await asyncio.gather(tick("utc"), tick("local"))
        return gathered.call_count
