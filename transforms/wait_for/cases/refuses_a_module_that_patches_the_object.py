# asyncmend: --target-version 3.9
import asyncio
from unittest import mock


class PingTest:
    async def check_expiry(self, client):
        with mock.patch.object(asyncio, "wait_for", side_effect=asyncio.TimeoutError):
            await asyncio.wait_for(client.ping(), self.limit)
