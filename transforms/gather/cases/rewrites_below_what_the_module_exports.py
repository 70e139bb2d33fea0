# asyncmend: --target-version 3.10
import asyncio

__all__ = (
    "check",
    "main",
)
LIMIT = 3


async def fetch(number):
    return number


async def main(numbers):
    return await asyncio.gather(*[fetch(number) for number in numbers[:LIMIT]])
