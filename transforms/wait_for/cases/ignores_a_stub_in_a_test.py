import asyncio  # noqa: F401
from unittest import mock


async def run(fetch):
    wait_for = mock.AsyncMock()
    wait_for(fetch(1), 5)
