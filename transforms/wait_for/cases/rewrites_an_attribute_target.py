import asyncio


class Client:
    async def open(self, connector):
        self._session, self.retries["open"] = await asyncio.wait_for(connector, timeout=30)
        return self._session
