# asyncmend: --target-version 3.12
import asyncio
import inspect
from collections.abc import Awaitable


async def appended(numbers, call):
    results = []
    for number in numbers:
        result = call(number)
        if inspect.isawaitable(result):
            results.append(result)
        elif not result:
            return False
    await asyncio.gather(*results)


async def of_a_class(numbers, call):
    results = []
    for number in numbers:
        result = call(number)
        if isinstance(result, Awaitable):
            results.append(result)
    await asyncio.gather(*results)


async def given(call):
    result = call(1)
    if asyncio.iscoroutine(result):
        await asyncio.gather(result, call(2))


async def chosen(numbers, call):
    results = [call(number) for number in numbers]
    await asyncio.gather(*(it for it in results if inspect.isawaitable(it)))


async def something(numbers, call):
    results = [call(number) for number in numbers]
    await asyncio.gather(*[it for it in results if it is not None])


async def filtered(numbers, call):
    results = [call(number) for number in numbers]
    await asyncio.gather(*filter(inspect.isawaitable, results))


async def named_at_once(numbers, call):
    await asyncio.gather(*[it for number in numbers if inspect.isawaitable(it := call(number))])


async def named_unless_none(call):
    if (result := call(1)) is not None:
        await asyncio.gather(result, call(2))
