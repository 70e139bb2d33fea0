import asyncio
import signal


def install(server):
    loop = asyncio.get_event_loop()
    loop.add_signal_handler(signal.SIGHUP, loop.create_task, server.reload())
