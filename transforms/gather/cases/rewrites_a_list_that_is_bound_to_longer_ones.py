import asyncio
from typing import Any, Coroutine, List


async def one(n):
    await asyncio.sleep(0)
    return n


async def in_a_loop():
    coroutines = []
    for n in range(3):
        coroutines = coroutines + [one(n)]
    await asyncio.gather(*coroutines)


async def declared():
    coroutines: List[Coroutine[Any, Any, int]] = []
    for n in range(3):
        coroutines = coroutines + [one(n)]
    await asyncio.gather(*coroutines)


async def in_front(first):
    coroutines = [one(1), one(2)]
    if first:
        coroutines = [one(0)] + coroutines
    coroutines += [one(3)]
    await asyncio.gather(*coroutines)
