import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any


async def job(number: int) -> int:
    await asyncio.sleep(0)
    return number


async def awaitables(numbers: list[int]) -> list[int]:
    waiting: list[Awaitable[int]] = []
    for number in numbers:
        waiting.append(job(number))
    return await asyncio.gather(*waiting)


async def coroutines(numbers: list[int]) -> list[int]:
    waiting: list[Coroutine[Any, Any, int]] = []
    for number in numbers:
        waiting.append(job(number))
    return await asyncio.gather(*waiting)


async def tasks(numbers: list[int]) -> list[int]:
    waiting: list[asyncio.Task[int]] = []
    for number in numbers:
        waiting.append(asyncio.create_task(job(number)))
    return await asyncio.gather(*waiting)
