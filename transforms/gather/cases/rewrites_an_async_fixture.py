import asyncio

import pytest


async def start(name):
    await asyncio.sleep(0)
    return name


@pytest.fixture
async def servers():
    alpha, beta = await asyncio.gather(start("alpha"), start("beta"))
    yield alpha, beta
