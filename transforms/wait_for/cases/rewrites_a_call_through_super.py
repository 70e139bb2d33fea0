import asyncio

from app.transport import Transport


class Tunnel(Transport):
    async def open(self):
        await asyncio.wait_for(super().open(), timeout=5)
