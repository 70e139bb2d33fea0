import asyncio


async def send(address, body):
    await asyncio.sleep(0)
    return address, body


async def notify(directory, body):
    await asyncio.gather(
        send(await directory.owner(), body),
        send(await directory.deputy(), body),
    )
