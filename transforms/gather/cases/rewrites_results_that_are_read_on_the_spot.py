import asyncio


async def fetch(number):
    return number


async def are_all(numbers):
    return all(await asyncio.gather(*[fetch(number) for number in numbers]))


async def is_any(numbers):
    if not any(await asyncio.gather(*(fetch(number) for number in numbers))):
        return 1
    return numbers


async def first():
    return (await asyncio.gather(fetch(1), fetch(2)))[0]


async def count(results):
    return (await asyncio.gather(fetch(1), fetch(results))).count(1)


async def first_of(function):
    return function((await asyncio.gather(fetch(1), fetch(2)))[0], 2)
