import asyncio


async def poll(meter, clock):
    try:
        await asyncio.gather((reading := asyncio.create_task(meter.read())), clock.tick())
    finally:
        await reading
