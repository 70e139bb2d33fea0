# asyncmend: --target-version 3.8 --set gather.style=helper
import asyncio
from typing import List, Set
_tasks: "Set[asyncio.Task[int]]" = set()


def start() -> None:
    task = asyncio.ensure_future(one())
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


async def one() -> int:
    return 1


async def several() -> List[int]:
    return await asyncio.gather(*[one(), one()])
