import asyncio


async def fetch(url: str) -> str:
    await asyncio.sleep(0)
    return url


async def by_name(urls):
    jobs = {name: fetch(url) for name, url in urls.items()}
    results = await asyncio.gather(*jobs.values())
    return dict(zip(jobs.keys(), results))


async def filled_item_by_item(urls):
    jobs = {}
    for name, url in urls.items():
        if name not in jobs:
            jobs[name] = fetch(url)
    jobs["last"] = fetch("/last")
    if not jobs:
        return {}
    return dict(zip(jobs, await asyncio.gather(*jobs.values())))


async def shown():
    answers = await asyncio.gather(*{"a": fetch("/a"), **{"b": fetch("/b")}}.values())
    print(answers)


async def tasks_that_are_asked(urls):
    tasks = {}
    for url in urls:
        tasks[url] = asyncio.create_task(fetch(url))
    await asyncio.sleep(1)
    print(sum(1 for task in tasks.values() if task.done()))
    for url, task in tasks.items():
        print(url, task.done())
    await asyncio.gather(*tasks.values())
    return {url: task.result() for url, task in tasks.items()}


async def two(urls):
    first = {url: asyncio.create_task(fetch(url)) for url in urls}
    second = dict()
    second["x"] = asyncio.create_task(fetch("/x"))
    await asyncio.gather(*first.values(), *second.values())
