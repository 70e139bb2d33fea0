# asyncmend: --target-version 3.12
import asyncio
from collections.abc import Awaitable, Callable

type Handler[T] = Callable[[T], Awaitable[None]]


async def fan_out[T](item: T, handlers: list[Handler[T]]) -> None:
    for handler in handlers:
        asyncio.ensure_future(handler(item))


class Bus[T]:
    async def emit(self, item: T, handler: Handler[T]) -> None:
        asyncio.ensure_future(handler(item))
