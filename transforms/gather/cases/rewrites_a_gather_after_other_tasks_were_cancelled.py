import asyncio


async def fetch(page):
    await asyncio.sleep(0)
    return page


async def restarted(tasks, pages):
    for task in tasks:
        task.cancel()
    tasks = [asyncio.create_task(fetch(page)) for page in pages]
    await asyncio.gather(*tasks)


async def only_one(pages):
    first = asyncio.create_task(fetch(pages[0]))
    second = asyncio.create_task(fetch(pages[1]))
    first.cancel()
    await asyncio.gather(first, second)


async def waited_for_a_while(pages):
    tasks = [asyncio.create_task(fetch(page)) for page in pages]
    await asyncio.wait(tasks, timeout=1)
    await asyncio.gather(*tasks)


async def those_that_live(old):
    tasks = []
    for task in old:
        if task.get_name() == "stale":
            task.cancel()
        else:
            tasks.append(task)
    for page in old:
        print(page)
    return [await asyncio.gather(*[fetch(task) for task in tasks]), tasks]


async def one_more(pages):
    tasks = [asyncio.create_task(fetch(page)) for page in pages]
    await asyncio.wait(tasks)
    tasks.append(asyncio.create_task(fetch(pages[0])))
    tasks.append(asyncio.create_task(fetch(pages[1])))
    await asyncio.gather(*tasks)
