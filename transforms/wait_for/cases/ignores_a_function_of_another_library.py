from testcontainers.core.waiting_utils import wait_for
from tests.helpers import wait_for as eventually


async def until_up(server):
    wait_for(server.is_up)
    await eventually(server.is_ready(), 5)
