# asyncmend: --strict
import asyncio


async def succeeded(left, right):
    return all(await asyncio.gather(left, right))
