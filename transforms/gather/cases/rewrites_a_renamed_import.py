from asyncio import gather as g, sleep


async def ping(server):
    await sleep(0.5)
    return server


async def ping_both(east, west):
    return await g(ping(east), ping(west))
