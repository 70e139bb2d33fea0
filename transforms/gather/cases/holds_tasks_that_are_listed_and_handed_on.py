import asyncio


async def probe(url):
    await asyncio.sleep(0)
    return url


async def watched(urls, watch):
    tasks = []
    for url in urls:
        task = asyncio.create_task(probe(url))
        tasks.append(task)
        watch(task)
    await asyncio.gather(*tasks)


async def asked_in_the_next_turn(urls):
    task = asyncio.create_task(probe("first"))
    while urls:
        tasks = [asyncio.create_task(probe(urls.pop()))]
        if task is not None:
            tasks.append(task)
        await asyncio.gather(*tasks)


async def kept_by_a_comparison(urls, other):
    tasks = []
    for url in urls:
        task = asyncio.create_task(probe(url))
        if task in other:
            tasks.append(task)
    await asyncio.gather(*tasks)


async def added_to_something_else(urls, pool):
    pending = pool.tasks
    for url in urls:
        pending.add(asyncio.create_task(probe(url)))
    await asyncio.gather(*pending)
