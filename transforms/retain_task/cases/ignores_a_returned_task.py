import asyncio


def start(poller):
    return asyncio.create_task(poller.run())


def restart(poller):
    task = asyncio.ensure_future(poller.run())
    return task
