import asyncio

from app.waiting import wait_for_port, wait_forever


async def serve(port):
    await wait_for_port(port, timeout=5)
    await asyncio.shield(wait_forever(port))
