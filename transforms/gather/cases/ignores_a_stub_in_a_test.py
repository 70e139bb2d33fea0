import asyncio  # noqa: F401
from unittest import mock


async def run(fetch):
    gather = mock.AsyncMock()
    gather(fetch(1), fetch(2))
