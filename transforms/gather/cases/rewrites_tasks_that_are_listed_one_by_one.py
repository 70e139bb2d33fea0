import asyncio


async def probe(url):
    await asyncio.sleep(0)
    return url


async def beside_others(urls):
    tasks = (
        asyncio.create_task(probe("first")),
        *(asyncio.create_task(probe(url)) for url in urls),
    )
    await asyncio.gather(*tasks)


async def awaited_on_the_way(urls):
    tasks = []
    for url in urls:
        task = asyncio.create_task(probe(url))
        tasks.append(task)
        await task
    await asyncio.gather(*tasks)


async def in_a_set(urls):
    pending = set()
    for url in urls:
        pending.add(asyncio.create_task(probe(url)))
    await asyncio.gather(*pending)


async def coroutines_in_a_set(urls):
    pending = set()
    for url in urls:
        pending.add(probe(url))
    return await asyncio.gather(*pending)


async def left_out_where_there_is_none(operations):
    retries = []
    for operation in operations:
        retry = operation.settle()
        if retry is not None:
            retries.append(retry)
    await asyncio.gather(*retries)
