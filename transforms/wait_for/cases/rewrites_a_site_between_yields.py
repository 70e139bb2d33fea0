import asyncio


async def messages(socket):
    while True:
        try:
            message = await asyncio.wait_for(socket.recv(), timeout=30)
        except asyncio.TimeoutError:
            await socket.ping()
            continue
        yield message
