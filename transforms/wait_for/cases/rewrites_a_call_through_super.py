import asyncio

from app.transport import Transport


class Tunnel(Transport):
    async def close(self):
        await asyncio.wait_for(super().close(), timeout=5)
