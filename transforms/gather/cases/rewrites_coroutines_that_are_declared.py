import asyncio
from collections.abc import Coroutine
from typing import Any


async def both(one: Coroutine[Any, Any, str], other: Coroutine[Any, Any, str]) -> None:
    await asyncio.gather(one, other)


async def both_as_tasks(one: Coroutine[Any, Any, str], other: Coroutine[Any, Any, str]) -> None:
    await asyncio.gather(asyncio.create_task(one), asyncio.create_task(other))
