import asyncio


def watch(loop: asyncio.AbstractEventLoop, folder):
    asyncio.Task(folder.watch(), loop=loop)
