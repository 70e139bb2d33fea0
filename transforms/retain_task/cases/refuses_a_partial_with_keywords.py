import asyncio
from functools import partial


def start(work):
    loop = asyncio.get_running_loop()
    loop.call_soon(partial(asyncio.create_task, work(), name="work"))
