import asyncio


async def load(name):
    await asyncio.sleep(0)
    return name


def load_tree():
    return asyncio.gather(asyncio.gather(load("a"), load("b")), asyncio.gather(load("c"), load("d")))
