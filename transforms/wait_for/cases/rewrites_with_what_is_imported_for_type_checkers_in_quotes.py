# asyncmend: --target-version 3.10
import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable


def use(a: "Awaitable[int]") -> None:
    pass


async def request(fut: "asyncio.Future[bytes]") -> bytes:
    return await asyncio.wait_for(fut, 5)
