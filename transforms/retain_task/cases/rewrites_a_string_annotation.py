import asyncio


def start(poller, loop: "asyncio.AbstractEventLoop") -> None:
    loop.create_task(poller.run())


def restart(poller, loop: "asyncio.AbstractEventLoop | None") -> None:
    if loop is not None:
        loop.create_task(poller.restart())
