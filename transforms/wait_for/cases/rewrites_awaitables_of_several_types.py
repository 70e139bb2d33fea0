# asyncmend: --target-version 3.11
import asyncio


async def number(n: int) -> int:
    return n


async def word(n: int) -> str:
    return str(n)


async def both(first: asyncio.Future[int]) -> str:
    n = await asyncio.wait_for(number(await first), 5)
    m = await asyncio.wait_for(number(await first), 5)
    return await asyncio.wait_for(word(await first + n + m), 5)
