import asyncio


async def take(number):
    await asyncio.sleep(0)
    return number


async def pairs(numbers):
    taken = iter(numbers)
    try:
        while True:
            left, right = await asyncio.gather(take(next(taken)), take(next(taken)))
            print("pair", left, right)
    except StopIteration:
        print("no more pairs")


async def names():
    _first, first = await asyncio.gather(take("old"), take("new"))
    print(_first, first)


async def main():
    await pairs([1, 2, 3, 4])
    await pairs([1, 2, 3])
    await names()


asyncio.run(main())
