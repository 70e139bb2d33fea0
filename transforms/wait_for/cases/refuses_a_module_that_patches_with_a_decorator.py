import asyncio
from unittest.mock import AsyncMock, patch


@patch("asyncio.wait_for", new_callable=AsyncMock)
async def check_ping(waited, client):
    await asyncio.wait_for(client.ping(), timeout=5)
    return waited.await_args
