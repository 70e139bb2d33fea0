# asyncmend: --set gather.errors=group --accept exception-group --accept handler-sees-group
import asyncio


async def fetch(key):
    return await asyncio.sleep(0, key)


async def handled():
    try:
        await asyncio.gather(fetch(1), fetch(2))
    except Exception as error:
        print(error)


async def under_a_manager(manager):
    async with manager:
        await asyncio.gather(fetch(1), fetch(2))
