# asyncmend: --target-version 3.13
import asyncio


async def number(n: int) -> int:
    return n


async def other_number(n: int) -> int:
    return -n


async def word(n: int) -> str:
    return str(n)


async def loops(ns: list[int]) -> None:
    await asyncio.gather(number(1), number(2))
    await asyncio.gather(other_number(1), other_number(2))
    await asyncio.gather(word(1), word(2))
    await asyncio.gather(number(1), word(2))


async def lists(ns: list[int]) -> list[str]:
    numbers = await asyncio.gather(*[number(n) for n in ns])
    return await asyncio.gather(*[word(n) for n in numbers])


async def names(ns: list[int]) -> tuple[int | str, str]:
    one: int | str
    if ns:
        one, two = await asyncio.gather(number(1), word(2))
    else:
        one, two = await asyncio.gather(word(1), word(2))
    return one, two


async def built(ns: list[int]) -> None:
    coros = [number(n) for n in ns]
    await asyncio.gather(*coros)
    await asyncio.gather(*[word(n) for n in ns])
