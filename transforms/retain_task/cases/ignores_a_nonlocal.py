import asyncio


def make_starter(source):
    poller = None

    async def start():
        nonlocal poller
        poller = asyncio.create_task(source.poll())

    return start
