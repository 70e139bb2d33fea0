# asyncmend: --target-version 3.12
import asyncio
from collections.abc import Awaitable, Callable


async def place_order[T](order: T, steps: list[Callable[[T], Awaitable[None]]], log) -> None:
    asyncio.create_task(log.append(order))
    await asyncio.gather(*(step(order) for step in steps))
    await asyncio.wait_for(log.flush(), timeout=5)
