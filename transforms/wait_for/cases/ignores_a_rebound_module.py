import asyncio
import importlib

asyncio = importlib.import_module("simulator.virtual_asyncio")


async def read(stream):
    return await asyncio.wait_for(stream.read(), timeout=5)
