import asyncio


async def lock_door(name):
    await asyncio.sleep(0)
    return name


async def leave():
    # Both doors, at the same time.
    front, back = await asyncio.gather(  # one for each
        lock_door("front"), lock_door("back")
    )  # the bolts need a second
    # Nobody is in.
    return front
