import asyncio


async def step(name, stage):
    await asyncio.sleep(0)


async def stages(names):
    waves = [
        asyncio.gather(*[step(name, 1) for name in names]),
        asyncio.gather(*[step(name, 2) for name in names]),
    ]
    for wave in waves:
        await wave
