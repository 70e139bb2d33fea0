import asyncio


async def stop_motor(side):
    await asyncio.sleep(0)


async def halt():
    await asyncio.gather(stop_motor("left"), stop_motor("right"))