# asyncmend: --target-version 3.10
import asyncio
import sys

import farm

start = asyncio.create_task if sys.version_info >= (3, 10) else farm.start

if sys.version_info < (3, 7):
    from farm import spawn
else:
    from asyncio import create_task as spawn

try:
    from asyncio import ensure_future
except ImportError:
    from farm import ensure_future


async def run(plant):
    start(plant.grow())
    spawn(plant.grow())
    ensure_future(plant.grow())
