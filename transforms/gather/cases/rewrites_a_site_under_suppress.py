import asyncio
import contextlib


async def drop(table):
    await asyncio.sleep(0)


async def clean():
    with contextlib.suppress(ConnectionError):
        await asyncio.gather(drop("sessions"), drop("tokens"))
