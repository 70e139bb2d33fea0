# asyncmend: --target-version 3.12
import asyncio
from collections.abc import Awaitable, Callable

type Loader[T] = Callable[[str], Awaitable[T]]


async def load_two[T](load: Loader[T], left: str, right: str) -> list[T]:
    return await asyncio.gather(load(left), load(right))
