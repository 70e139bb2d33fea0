import asyncio


async def after_a_call(reader, start):
    return start() + await asyncio.wait_for(reader.read(), timeout=5)


async def beside_another(reader):
    return [await asyncio.wait_for(reader.read(), timeout=5), await reader.read()]


async def in_a_header(reader):
    if await asyncio.wait_for(reader.read(), timeout=5):
        return True


async def again_and_again(readers):
    return [await asyncio.wait_for(reader.read(), 2) for reader in readers]


async def yielded(reader):
    yield await asyncio.wait_for(reader.read(), 2)


async def in_any_case(reader, cached):
    return cached or await asyncio.wait_for(reader.read(), 2)
