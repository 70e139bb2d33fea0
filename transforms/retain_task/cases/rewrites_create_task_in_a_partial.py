import asyncio
import functools
import signal
from functools import partial


def install(server):
    loop = asyncio.get_event_loop()
    loop.add_signal_handler(signal.SIGHUP, functools.partial(loop.create_task, server.reload()))
    loop.call_later(1, partial(asyncio.ensure_future), server.tick())
