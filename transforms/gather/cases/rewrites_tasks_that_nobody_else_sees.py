# asyncmend: --target-version 3.9
import asyncio


async def probe(url):
    await asyncio.sleep(0)
    return url


async def waited_for(urls):
    tasks = [asyncio.create_task(probe(url)) for url in urls]
    assert not (await asyncio.wait(tasks, timeout=1))[1]
    await asyncio.wait(tasks, timeout=2)
    assert all(task.done() for task in tasks)
    return await asyncio.gather(*tasks)


async def by_name():
    one = asyncio.create_task(probe("one"))
    await asyncio.sleep(1)
    other = asyncio.create_task(probe("other"))
    await one
    return await asyncio.gather(one, other)


async def paired(urls):
    tasks = [asyncio.create_task(probe(url)) for url in urls]
    for task, result in zip(tasks, await asyncio.gather(*tasks)):
        print(task.get_name(), result)


async def read_after_success(urls):
    tasks = [asyncio.create_task(probe(url)) for url in urls]
    await asyncio.gather(*tasks)
    return tasks
