from __future__ import annotations

import asyncio


def start(poller, loop: asyncio.AbstractEventLoop | None = None):
    loop = loop or asyncio.get_running_loop()
    loop.create_task(poller.run())
