import asyncio


async def reset(device):
    device.off(); await asyncio.wait_for(device.settled(), 2); device.on()
