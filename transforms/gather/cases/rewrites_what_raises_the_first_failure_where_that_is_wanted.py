# asyncmend: --target-version 3.13 --set gather.errors=first
import asyncio


async def fetch(key):
    return await asyncio.sleep(0, key)


async def main():
    try:
        await asyncio.gather(fetch(1), fetch(2))
    except BaseException:
        pass
