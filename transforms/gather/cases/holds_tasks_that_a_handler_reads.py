# asyncmend: --target-version 3.9
import asyncio


async def probe(url):
    await asyncio.sleep(0)
    return url


async def handled(urls):
    tasks = [asyncio.create_task(probe(url)) for url in urls]
    try:
        return await asyncio.gather(*tasks)
    except ValueError:
        return [await task for task in tasks]


async def after_a_handler():
    one = asyncio.create_task(probe("one"))
    other = asyncio.create_task(probe("other"))
    try:
        await asyncio.gather(one, other)
    except ValueError:
        print("no")
    return await other


async def again_and_again(urls):
    tasks = [asyncio.create_task(probe(url)) for url in urls]
    while urls:
        await asyncio.sleep(1)
        print(sum(task.done() for task in tasks))
        await asyncio.gather(*tasks)


async def kept_by_wait(urls, seen):
    tasks = [asyncio.create_task(probe(url)) for url in urls]
    done, pending = await asyncio.wait(tasks, timeout=1)
    seen.update(pending)
    return await asyncio.gather(*tasks)


async def observed(urls):
    tasks = [asyncio.create_task(probe(url)) for url in urls]
    for task in tasks:
        task.add_done_callback(print)
    return await asyncio.gather(*tasks)


async def shown(watch):
    one = asyncio.create_task(probe("one"))
    watch(one)
    return await asyncio.gather(one, probe("other"))


async def read_by_a_closure(watch):
    one = asyncio.create_task(probe("one"))
    watch(lambda: one.done())
    return await asyncio.gather(one, probe("other"))
