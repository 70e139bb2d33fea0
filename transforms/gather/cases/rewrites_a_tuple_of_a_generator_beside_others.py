# asyncmend: --target-version 3.13
import asyncio


async def one(number):
    print(number)


async def several(numbers):
    await asyncio.gather(*tuple(one(it) for it in numbers if it), one(0))


async def listed(numbers):
    await asyncio.gather(one(0), *list([(one(it)) for it in numbers]), *{one(it) for it in numbers})


async def unique(numbers):
    await asyncio.gather(one(0), *list({one(it) for it in numbers}))
