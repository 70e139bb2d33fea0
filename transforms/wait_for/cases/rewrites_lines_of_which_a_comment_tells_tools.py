import asyncio


async def fetch(number: int) -> int:
    return number


async def one(delay):
    return await asyncio.wait_for(fetch("1"), delay)  # type: ignore[arg-type]


async def other():
    return await asyncio.wait_for(fetch("1"), 5)  # type: ignore[arg-type]


async def third(make):
    return await asyncio.wait_for(make(fetch("1")), 5)  # noqa: FOO100
