import asyncio
from unittest import mock


async def check_expiry(client):
    with mock.patch("app.client.asyncio.wait_for", side_effect=asyncio.TimeoutError):
        await asyncio.wait_for(client.ping(), timeout=5)
