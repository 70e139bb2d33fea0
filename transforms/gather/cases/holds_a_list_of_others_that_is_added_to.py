import asyncio


async def connect(address):
    await asyncio.sleep(0)
    return address


async def connect_when_known(names, known):
    waits = known
    waits += [connect(name) for name in names]
    return await asyncio.gather(*waits)
