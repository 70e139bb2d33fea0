import asyncio


async def heads(readers):
    return [await asyncio.wait_for(reader.read(16), timeout=1) for reader in readers]
