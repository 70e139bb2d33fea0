# asyncmend: --target-version 3.13
import asyncio


async def read_sensor(channel):
    await asyncio.sleep(0.01)
    return channel * 2


async def poll():
    readings = await asyncio.gather(read_sensor(1), read_sensor(2), read_sensor(3))
    return sum(readings)
