# asyncmend: --target-version 3.10
import asyncio

import pytest


@pytest.fixture
async def broker(factory):
    started = await asyncio.wait_for(factory.start(), timeout=10)
    yield started
    await asyncio.wait_for(started.stop(), timeout=10)
