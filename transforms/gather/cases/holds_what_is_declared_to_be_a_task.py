import asyncio

from engines import kernel


async def watch():
    one: asyncio.Task[None] = kernel.one()
    two: "asyncio.Future[str]" = kernel.two()
    await asyncio.gather(one, two)
