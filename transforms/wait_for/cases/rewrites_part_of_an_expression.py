import asyncio


async def total(meter, offset):
    reading = offset() + int(await asyncio.wait_for(meter.read(), 5))
    return reading, (await asyncio.wait_for(meter.unit(), 5)).lower()
