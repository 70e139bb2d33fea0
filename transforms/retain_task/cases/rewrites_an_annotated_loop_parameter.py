import asyncio


def start(loop: asyncio.AbstractEventLoop, poller):
    loop.create_task(poller.run())


def start_base(loop: asyncio.BaseEventLoop, poller):
    loop.create_task(poller.run())
