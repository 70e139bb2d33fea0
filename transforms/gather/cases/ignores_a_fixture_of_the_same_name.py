import asyncio

import pytest


@pytest.fixture
def gather():
    return asyncio.Queue


def queue_from(gather):
    return gather(16)
