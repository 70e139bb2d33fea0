# asyncmend: --set gather.style=helper
import asyncio


async def fetch(key):
    return await asyncio.sleep(0, key)


async def main():
    a, b = await asyncio.gather(fetch(1), fetch(2))
    return a, b
