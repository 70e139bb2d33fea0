import asyncio


async def step(motor):
    await asyncio.sleep(0)
    return motor


async def move(motors):
    print("moving"); done = await asyncio.gather(*[step(motor) for motor in motors]); print(done)
    return done
