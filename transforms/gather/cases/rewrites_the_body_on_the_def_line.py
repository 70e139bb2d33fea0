import asyncio


async def beep(): await asyncio.sleep(1)
async def blink(): await asyncio.sleep(1)
async def alarm(): await asyncio.gather(beep(), blink())
