# asyncmend: --target-version 3.10
import asyncio
from typing import cast, Generic, TypeVar

T = TypeVar("T")


class Pages(Generic[T]):
    async def page(self, number: int) -> T:
        return cast(T, number)

    async def both(self) -> list[T]:
        return await asyncio.gather(self.page(1), self.page(2))
