# asyncmend: --target-version 3.10
import asyncio
from typing import TYPE_CHECKING, Any

_background_tasks: set[asyncio.Task[Any]] = set()

if TYPE_CHECKING:
    hold = asyncio.ensure_future
else:

    def hold(task):
        _background_tasks.add(task)
        task.add_done_callback(_background_tasks.discard)
        return task


async def text(number: int) -> str:
    await asyncio.sleep(0)
    return str(number)


async def dropped() -> None:
    asyncio.create_task(text(1))
