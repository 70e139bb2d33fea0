"""The results of gather stand in the order of its arguments, whoever is done first."""
import asyncio


async def after(turns, value):
    for _ in range(turns):
        await asyncio.sleep(0)
    print("done:", value)
    return value


async def every_target():
    class Box:
        first = None

    box, table = Box(), {}
    one, two = await asyncio.gather(after(5, "one"), after(1, "two"))
    print(one, two)
    (three, [four, *more]) = await asyncio.gather(after(4, 3), after(1, "four"))
    print(three, four, more)
    box.first = await asyncio.gather(after(2, "kept"), after(1, "also"))
    table["slow"], table["fast"] = await asyncio.gather(after(7, "slow"), after(2, "fast"))
    print(box.first, table)


async def every_argument():
    print(await asyncio.gather())
    print(await asyncio.gather(*[]))
    print(await asyncio.gather(*[after(turns, turns) for turns in (6, 3, 0)]))
    print(await asyncio.gather(*(after(turns, turns) for turns in (1, 4))))
    turns = []
    for number in range(3):
        turns.append(after(10 - 2 * number, number))
    numbers = await asyncio.gather(*turns)
    print(type(numbers).__name__, numbers)
    results: list = await asyncio.gather(after(3, "a"), *(after(1, name) for name in "bc"))
    print(results, sum(await asyncio.gather(after(0, 1), after(3, 2))))


async def returned():
    return await asyncio.gather(after(3, "x"), after(0, None))


async def main():
    await every_target()
    await every_argument()
    print(await returned())


asyncio.run(main())
