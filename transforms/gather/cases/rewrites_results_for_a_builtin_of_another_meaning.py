import asyncio


async def fetch(page):
    await asyncio.sleep(0)
    return page


def use_lists():
    global tuple
    tuple = list


async def pages():
    return tuple(await asyncio.gather(fetch(1), fetch(2)))
