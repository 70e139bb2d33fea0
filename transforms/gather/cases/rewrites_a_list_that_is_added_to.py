import asyncio


async def connect(address):
    await asyncio.sleep(0)
    return address


async def connect_everywhere(port, names):
    waits = [
        connect(f"127.0.0.1:{port}"),
    ]
    if names:
        waits += [
            connect(f"[::1]:{port}"),
            connect(f"localhost:{port}"),
        ]
    waits += [connect(name) for name in names]
    waits += (connect(f"{name}.local") for name in names)
    await asyncio.gather(*waits)


async def connect_later(port, names):
    waits = [connect(f"127.0.0.1:{port}")]
    await asyncio.sleep(1)
    waits += [connect(name) for name in names]
    return await asyncio.gather(*waits)
