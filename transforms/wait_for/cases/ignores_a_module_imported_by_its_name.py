import importlib

asyncio = importlib.import_module("farm")


async def run(fetch):
    asyncio.wait_for(fetch(1), 5)
