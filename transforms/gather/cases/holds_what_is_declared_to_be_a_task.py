import asyncio
from typing import Optional

from engines import kernel


async def watch():
    one: asyncio.Task[None] = kernel.one()
    two: "asyncio.Future[str]" = kernel.two()
    await asyncio.gather(one, two)


async def watch_what_may_be_missing():
    one: asyncio.Task[None] | None = kernel.one()
    two: "Optional[asyncio.Future[str]]" = kernel.two()
    await asyncio.gather(one, kernel.three())
    await asyncio.gather(two, kernel.three())


async def watch_what_was_declared_before(fails):
    one: asyncio.Task[None] | None = None
    two: asyncio.Task[None]
    if fails:
        one = kernel.one()
    two = kernel.two()
    await asyncio.gather(one, kernel.three())
    await asyncio.gather(two, kernel.three())
