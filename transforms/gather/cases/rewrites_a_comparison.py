import asyncio


async def checksum(path):
    await asyncio.sleep(0)
    return hash(path)


async def is_clean(left, right):
    return await asyncio.gather(checksum(left), checksum(right)) == [0, 0]
