import asyncio

from elsewhere import fetch


async def timed(awaitable):
    return await awaitable


async def twice(awaitable):
    return await timed(awaitable)


async def main(url):
    await asyncio.gather(timed(fetch(url)), timed(asyncio.sleep(1)))
    await asyncio.gather(*(twice(fetch(it)) for it in url))
    first = timed(fetch(url))
    await asyncio.gather(first, asyncio.sleep(1))
    await asyncio.gather(timed(asyncio.sleep(1)), asyncio.sleep(2))
