import asyncio


async def fire(rocket):
    await asyncio.sleep(0)


async def launch():
    await asyncio.gather(fire("left"), fire("right"))  # asyncmend: ignore[gather]
    await asyncio.gather(fire("core"), fire("upper"))  # asyncmend: ignore
