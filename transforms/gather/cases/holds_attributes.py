import asyncio


class Tunnel:
    def start(self, inbound, outbound):
        self._inbound = asyncio.create_task(inbound())
        self._outbound = asyncio.create_task(outbound())

    async def join(self):
        await asyncio.gather(self._inbound, self._outbound)
