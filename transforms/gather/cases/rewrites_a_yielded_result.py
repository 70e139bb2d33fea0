import asyncio


async def pairs(client, keys):
    for key in keys:
        yield await asyncio.gather(client.old(key), client.new(key))
