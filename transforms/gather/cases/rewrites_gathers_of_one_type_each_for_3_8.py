# asyncmend: --target-version 3.8
import asyncio
from typing import List, TypeVar

T = TypeVar("T")


async def one(number: T) -> T:
    return number


async def several(numbers: List[int]) -> List[int]:
    return await asyncio.gather(*[one(number) for number in numbers])
