import asyncio


async def check_echo(socket):
    await socket.send("ping")
    assert await asyncio.wait_for(socket.recv(), timeout=1) == "ping", "no echo"
