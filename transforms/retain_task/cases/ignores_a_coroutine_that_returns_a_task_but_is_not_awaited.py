import asyncio


async def listen(device):
    await device.connect()
    return asyncio.create_task(device.listen())


def beep(device):
    return asyncio.create_task(device.beep())


async def setup(device):
    device.start(listen(device))
    listen(device)
    await beep(device)
