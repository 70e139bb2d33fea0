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


async def kept_by_an_assertion(urls):
    tasks = [asyncio.create_task(probe(url)) for url in urls]
    assert (waited := await asyncio.wait(tasks, timeout=0))
    try:
        return await asyncio.gather(*tasks)
    except ValueError:
        return waited


async def asked_later(urls):
    tasks = [asyncio.create_task(probe(url)) for url in urls]
    states = (task.cancelled() for task in tasks)
    try:
        return await asyncio.gather(*tasks)
    except ValueError:
        return list(states)


async def asked_by_the_loop_variable(urls):
    tasks = [asyncio.create_task(probe(url)) for url in urls]
    for task in tasks:
        print(task.get_name())
    try:
        return await asyncio.gather(*tasks)
    except ValueError:
        return task.cancelled()


async def of_the_turn_before():
    for turn in range(2):
        if turn:
            print(one.cancelled())
        one = asyncio.create_task(probe("one"))
        try:
            await asyncio.gather(one, probe("other"))
        except ValueError:
            pass


async def known_by_another_name(registry):
    one = asyncio.create_task(probe("one"))
    tasks = [one, asyncio.create_task(probe("other"))]
    registry.append(one)
    return await asyncio.gather(*tasks)


async def added_one_by_one(registry, urls):
    tasks = []
    for url in urls:
        task = asyncio.create_task(probe(url))
        tasks.append(task)
        registry.add(task)
        task.add_done_callback(registry.discard)
    return await asyncio.gather(*tasks)
