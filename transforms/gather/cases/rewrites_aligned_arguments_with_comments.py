# asyncmend: --target-version 3.13
import asyncio


async def one(number, other=None):
    return number


async def three():
    return await asyncio.gather(one(1),
                                one(2),  # two
                                one(3))


async def with_lines_within():
    await asyncio.gather(one(1, 2),  # two
                         # more:
                         one(2,
                             3),
                         one(
                             3,
                         ))


async def of_a_list(numbers):
    await asyncio.gather(*[one(number)  # each
                           for number in numbers])


async def below(numbers):
    await asyncio.gather(
        one(1),  # one
        one(2))
