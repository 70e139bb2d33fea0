# asyncmend: --target-version 3.10
import asyncio


async def one(number: int) -> int:
    return number


async def name(number: int) -> str:
    return str(number)


async def pair() -> tuple[int, str]:
    left, right = await asyncio.gather(one(1), name(2))
    return left, right
