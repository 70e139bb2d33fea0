import asyncio
from unittest import mock


async def tick(clock):
    await asyncio.sleep(0)


async def check_gathered():
    with mock.patch.multiple("app.clock.asyncio", sleep=mock.DEFAULT, gather=mock.DEFAULT):
        await asyncio.gather(tick("utc"), tick("local"))
