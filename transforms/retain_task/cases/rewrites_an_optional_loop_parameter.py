import asyncio
from typing import Optional


def start(poller, loop: Optional[asyncio.AbstractEventLoop] = None):
    if loop is None:
        loop = asyncio.get_event_loop()
    loop.create_task(poller.run())
