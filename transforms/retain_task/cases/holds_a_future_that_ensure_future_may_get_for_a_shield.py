# asyncmend: --target-version 3.10
import asyncio


def view(pending):
    return asyncio.shield(asyncio.ensure_future(pending))


async def seen(pendings, key):
    waiting = asyncio.ensure_future(pendings[key])
    await asyncio.shield(waiting)
