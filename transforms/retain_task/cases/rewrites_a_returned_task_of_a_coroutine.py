import asyncio


async def start(device):
    await device.connect()
    return asyncio.create_task(device.listen())


async def restart(device):
    await device.disconnect()
    task = asyncio.create_task(device.listen())
    await device.connect()
    return task


async def setup(devices):
    for device in devices:
        await start(device)


async def reload(device):
    await (restart(device))  # listens in the background
    return device
