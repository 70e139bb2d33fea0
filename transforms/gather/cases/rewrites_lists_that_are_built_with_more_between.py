import asyncio
from typing import Any, Coroutine


async def fetch(page):
    await asyncio.sleep(0)
    return page


async def suspended_between(numbers):
    tasks = []
    for number in numbers:
        tasks.append(asyncio.create_task(fetch(number)))
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)


async def coroutines_with_awaits_between(numbers):
    tasks = []
    async for number in numbers:
        tasks.append(fetch(number))
    await asyncio.gather(*tasks)


async def returned_between(numbers):
    tasks = []
    for number in numbers:
        if number < 0:
            return
        tasks.append(asyncio.create_task(fetch(number)))
    await asyncio.gather(*tasks)


async def continued_between(numbers):
    for number in numbers:
        tasks = [asyncio.create_task(fetch(number)), asyncio.create_task(fetch(-number))]
        if number < 0:
            continue
        await asyncio.gather(*tasks)


async def under_a_handler(numbers):
    tasks = []
    for number in numbers:
        tasks.append(fetch(number))
    try:
        await asyncio.gather(*tasks)
    except ValueError:
        print("no page")


async def again_in_a_loop(numbers):
    tasks = []
    for number in numbers:
        tasks.append(asyncio.create_task(fetch(number)))
        await asyncio.gather(*tasks)


async def of_coroutines_by_declaration(numbers):
    tasks: list[Coroutine[Any, Any, int]] = [fetch(number) for number in numbers]
    await asyncio.gather(*tasks)


async def inserted(numbers):
    tasks = []
    for number in numbers:
        tasks.insert(0, asyncio.create_task(fetch(number)))
    await asyncio.gather(*tasks)


async def made_before(numbers):
    page = fetch(0)
    task = asyncio.create_task(fetch(1))
    tasks = []
    tasks.append(page)
    tasks.append(task)
    tasks.append(asyncio.create_task(fetch(2)) if numbers else asyncio.create_task(fetch(3)))
    await asyncio.gather(*tasks)
