import asyncio


async def halt(motor):
    await asyncio.wait_for(motor.stop(), timeout=1)