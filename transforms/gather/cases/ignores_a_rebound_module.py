import asyncio
import importlib

asyncio = importlib.import_module("simulator.virtual_asyncio")


async def simulate(left, right):
    return await asyncio.gather(left.run(), right.run())
