import pytest


@pytest.fixture
def wait_for(clock):
    async def wait(seconds, timeout=5):
        clock.tick(min(seconds, timeout))

    return wait


async def check_alarm(wait_for, alarm):
    await wait_for(alarm.due(), 5)
