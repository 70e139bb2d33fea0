# asyncmend: --target-version 3.9
import asyncio
from typing import Generic

from typing_extensions import TypeVar

T = TypeVar("T", default=str)


class Reader(Generic[T]):
    async def read(self, fut: asyncio.Future, timeout: int) -> T:
        return await asyncio.wait_for(fut, timeout=timeout)
