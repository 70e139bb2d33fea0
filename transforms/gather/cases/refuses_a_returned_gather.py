import asyncio


async def load(part):
    await asyncio.sleep(0)
    return part


def load_all(parts):
    return asyncio.gather(*[load(part) for part in parts])
