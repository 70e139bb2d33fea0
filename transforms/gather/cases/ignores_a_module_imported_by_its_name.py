import importlib

asyncio = importlib.import_module("farm")


async def run(fetch):
    asyncio.gather(fetch(1), fetch(2))
