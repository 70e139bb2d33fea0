# asyncmend: --target-version 3.10
import asyncio
import sys

import farm

start = asyncio.create_task if sys.version_info >= (3, 11) else farm.start

if sys.version_info < (3, 12):
    from farm import spawn
else:
    from asyncio import create_task as spawn

try:
    from asyncio import ensure_future, timeout
except ImportError:
    from farm import ensure_future, timeout

try:
    import farm.soil
    from asyncio import Task
except ImportError:
    from farm import Task


async def run(plant):
    start(plant.grow())
    spawn(plant.grow())
    ensure_future(plant.grow())
    Task(plant.grow())
