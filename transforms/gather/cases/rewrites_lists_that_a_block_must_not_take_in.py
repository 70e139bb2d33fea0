import asyncio
from contextvars import ContextVar

current = ContextVar("current", default="none")


async def fetch(page):
    await asyncio.sleep(0)
    return current.get(), page


async def a_generator(pages):
    coros = (fetch(page) for page in pages)
    return await asyncio.gather(*coros)


async def a_guard_around_more(pages, found):
    tasks = [fetch(page) for page in pages]
    if tasks:
        found.append(max(await asyncio.gather(*tasks)))


async def under_a_handler_of_its_own(pages, parse):
    tasks = [fetch(0)]
    try:
        tasks += [fetch(parse(pages)), fetch(parse(1))]
    except ValueError:
        pass
    await asyncio.gather(*tasks)


async def under_other_variables(pages):
    tasks = []
    for page in pages:
        current.set(page)
        tasks.append(fetch(page))
    await asyncio.gather(*tasks)


async def coroutines_and_tasks(pages):
    tasks = [fetch(0)]
    for page in pages:
        tasks.append(asyncio.create_task(fetch(page)))
    await asyncio.gather(*tasks)


async def coroutines_and_tasks_at_once():
    return await asyncio.gather(fetch(0), asyncio.create_task(fetch(1)))


async def with_comments(pages):
    tasks = [fetch(page) for page in pages]
    await asyncio.gather(  # all of them
        *tasks,  # the list
    )


async def with_a_comment_behind_it(pages):
    tasks = [fetch(page) for page in pages]
    if tasks:
        await asyncio.gather(*tasks)
        # Done.
    print("done")


async def in_parentheses(pages):
    found = (  # open
        await asyncio.gather(*(fetch(page) for page in pages))  # all
    )
    return found


async def by_names_of_ours(groups):
    tasks = [fetch(tg) for tg in groups]
    await asyncio.gather(*tasks)
    return await asyncio.gather(*(fetch(task) for tg, task in groups))


async def behind_what_may_be_unbound(pages):
    if pages:
        first = 1
    return [first, await asyncio.gather(fetch(1), fetch(2))]
