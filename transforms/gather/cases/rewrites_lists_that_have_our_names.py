import asyncio


async def load(url: str) -> bytes:
    return url.encode()


async def all_of(urls):
    tasks = [load(url) for url in urls]
    print("loading", len(tasks))
    pages = await asyncio.gather(*tasks)
    return dict(zip(urls, pages))


async def only_done(urls):
    tasks = [load(url) for url in urls]
    print("loading", len(tasks))
    await asyncio.gather(*tasks)


async def one_by_one(urls):
    coros = []
    for url in urls:
        coro = load(url)
        coros.append(coro)
    return await asyncio.gather(*coros)


async def of_each(task, coro):
    await asyncio.gather(*[load(url) for url in task.urls])
    await asyncio.gather(load("index"), *[load(url) for url in coro.urls])
