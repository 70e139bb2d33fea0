import asyncio


async def probe(url):
    await asyncio.sleep(0)
    return url


async def in_a_dict(urls):
    tasks = {}
    for attempt in range(3):
        if "slow" not in tasks:
            tasks["slow"] = asyncio.create_task(probe("slow"))
        tasks["flaky"] = asyncio.create_task(probe("flaky"))
        try:
            return await asyncio.gather(*tasks.values())
        except ValueError:
            print(attempt)


async def in_a_new_list(urls):
    slow = asyncio.create_task(probe("slow"))
    if slow.done():
        print("done")
    for url in urls:
        both = [slow]
        both.append(asyncio.create_task(probe(url)))
        try:
            return await asyncio.gather(*both)
        except ValueError:
            print(url)


async def by_name(urls):
    slow = asyncio.create_task(probe("slow"))
    for url in urls:
        try:
            return await asyncio.gather(slow, probe(url))
        except ValueError:
            print(url)


async def asked_later_by_a_generator(urls, hooks):
    tasks = []
    for url in urls:
        task = asyncio.create_task(probe(url))
        hooks.append(task.cancelled() for _ in range(1))
        tasks.append(task)
    await asyncio.gather(*tasks)


async def asked_like_a_task(registry, urls):
    task = registry.connect()
    if not task.done():
        await asyncio.gather(task, probe(urls[0]))


async def all_asked_like_tasks(registry, urls):
    tasks = {url: registry.connect(url) for url in urls}
    print([url for url, task in tasks.items() if task.done()])
    await asyncio.gather(*tasks.values())


async def given_back(registry, urls):
    task = registry.connect()
    await asyncio.gather(task, probe(urls[0]))
    return task
