# asyncmend: --target-version 3.12 --set gather.style=helper
import asyncio
from typing import TypeVar

T = TypeVar("T")


async def one(number: T) -> T:
    return number


async def double(number: int) -> int:
    return 2 * number


async def several(numbers: list[int]) -> list[int]:
    return await asyncio.gather(*[one(number) for number in numbers])


async def pair() -> int:
    left, right = await asyncio.gather(double(1), double(2))
    await asyncio.gather(one(left), asyncio.sleep(right))
    return left
