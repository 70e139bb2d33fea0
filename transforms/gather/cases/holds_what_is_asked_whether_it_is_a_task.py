# asyncmend: --target-version 3.12
import asyncio
import inspect


async def appended(numbers, call):
    results = []
    for number in numbers:
        result = call(number)
        if asyncio.isfuture(result):
            results.append(result)
    await asyncio.gather(*results)


async def shown(numbers, call, show):
    results = []
    for number in numbers:
        result = call(number)
        if inspect.isawaitable(result):
            results.append(result)
            show(result)
    await asyncio.gather(*results)


async def chosen(results):
    await asyncio.gather(*(it for it in results if inspect.isawaitable(it)))


async def named_and_shown(numbers, call, show):
    await asyncio.gather(*[it for number in numbers if show(it := call(number))])


async def again(call):
    for each in [asyncio.create_task(call(1)), asyncio.create_task(call(2))]:
        while True:
            try:
                await asyncio.gather(each, call(3))
                break
            except ValueError:
                continue
