# asyncmend: --target-version 3.11
"""Calls that are part of a statement: what is evaluated when, and what becomes of it."""
import asyncio
import time


class Box:
    size = 1


async def answer(value, turns=1):
    for _ in range(turns):
        await asyncio.sleep(0)
    return value


async def never():
    await asyncio.sleep(60)


def slow(value):
    time.sleep(0.02)
    print("slow", value)
    return value


async def asserts():
    assert await asyncio.wait_for(answer("a"), timeout=5) == "a", "wrong"
    assert await asyncio.wait_for(answer("a"), timeout=5) == "b", "wrong"


async def adds(box):
    box.size += await asyncio.wait_for(answer(40), timeout=5)
    total = 1
    total += await asyncio.wait_for(answer(1), 5)
    return box.size, total


async def goes_on_slowly():
    # The deadline passes while the rest of the statement runs, which nothing stops.
    return slow(await asyncio.wait_for(answer(2), timeout=0.01))


async def chooses(first):
    return (await asyncio.wait_for(answer("abc" if first else "x"), 5)).upper()


async def stops():
    return len(await asyncio.wait_for(never(), 0.01))


async def main():
    box = Box()
    for made in (
        asserts(),
        adds(box),
        goes_on_slowly(),
        chooses(True),
        chooses(False),
        stops(),
    ):
        try:
            print(await made)
        except (AssertionError, asyncio.TimeoutError) as error:
            print(type(error).__name__, error)


asyncio.run(main())
