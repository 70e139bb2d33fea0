def refresh(cache):
    asyncio.create_task(cache.fill( ))


async def read_all(left, right, keys):
    return {key: await asyncio.gather(left.read(key), right.read(key)) for key in keys}


import asyncio
