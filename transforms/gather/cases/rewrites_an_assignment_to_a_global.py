import asyncio

settings = None


async def read_settings(path):
    await asyncio.sleep(0)
    return path


async def reload():
    global settings
    settings = await asyncio.gather(read_settings("base"), read_settings("local"))
