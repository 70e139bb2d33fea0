import asyncio
import logging
from typing import Final

log = logging.getLogger(__name__)


async def fetch(page):
    await asyncio.sleep(0)
    return page


async def pages(numbers):
    tasks = [fetch(number) for number in numbers]
    return await asyncio.gather(*tasks)


async def named(numbers):
    tasks: Final = [asyncio.create_task(fetch(number), name=str(number)) for number in numbers]
    await asyncio.gather(*tasks)


async def paired(numbers):
    coros = []
    titles = []
    for number in numbers:
        if not number:
            continue
        titles.append(str(number))
        coros.append(fetch(number))  # one each
    # Titles and pages have the same order.
    for title, page in zip(titles, await asyncio.gather(*coros)):
        print(title, page)


async def guarded(first, last):
    tasks = []
    if first:
        tasks.append(asyncio.create_task(fetch(first)))
    if last:
        tasks.append(asyncio.create_task(fetch(last)))

    if tasks:
        await asyncio.gather(*tasks)


async def on_many_lines(numbers):
    tasks = []
    for number in numbers:
        tasks.append(
            fetch(
                number,
            )
        )
        tasks.append(fetch("""a page
with a name on two lines"""))
        tasks.append(fetch("a page whose name is so long that it fits on no line with more around"))
        tasks.append((fetch(number)))
    log.info("starting %d", len(tasks))
    return await asyncio.gather(*tasks)


async def in_several_ways(numbers):
    tasks = [
        fetch(0),
        fetch(1),  # the cover
    ]
    if numbers:
        tasks.extend(fetch(number) for number in numbers)
        tasks.extend([fetch(2), fetch(3)])
    for number in numbers: tasks.append(fetch(number))
    first, *others = await asyncio.gather(*tasks)
    return first, others


async def of_other_kinds(numbers):
    tasks = tuple(asyncio.create_task(fetch(number)) for number in numbers)
    found = set(await asyncio.gather(*tasks))
    with open("log") as file:
        waiting: list[asyncio.Task[int]] = list()
        for number in file:
            waiting.append(asyncio.ensure_future(fetch(number)))
        await asyncio.gather(*waiting)
    return found
