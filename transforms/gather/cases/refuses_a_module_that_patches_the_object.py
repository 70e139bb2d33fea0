import asyncio
from unittest import mock


async def tick(clock):
    await asyncio.sleep(0)


async def check_gathered():
    with mock.patch.object(asyncio, "gather", side_effect=ValueError):
        await asyncio.gather(tick("utc"), tick("local"))
