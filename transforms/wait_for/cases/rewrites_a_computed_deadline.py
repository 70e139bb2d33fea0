import asyncio
import time

DISCOVERY, CONNECTION = 10, 4


async def listen(socket, deadline):
    packet = await asyncio.wait_for(socket.recv(), timeout=deadline - time.monotonic())
    services = await asyncio.wait_for(socket.list(), timeout=DISCOVERY - CONNECTION)
    return packet, services
