import asyncio


async def fetch(page):
    await asyncio.sleep(0)
    return page


async def finally_cancels(pages):
    tasks = [asyncio.create_task(fetch(page)) for page in pages]
    try:
        results = await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            if not task.done():
                task.cancel()
    return results


async def handler_cancels(pages):
    tasks = tuple(asyncio.create_task(fetch(page)) for page in pages)
    try:
        return tuple(await asyncio.gather(*tasks))
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


async def inside_another_attempt(self, urls):
    tasks = [asyncio.create_task(fetch(url)) for url in urls]
    try:
        self.results = await asyncio.gather(*tasks)
    finally:
        try:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        finally:
            self.done = True


async def cancelled_before(tasks):
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks)


async def cancelled_by_name(first, second):
    first.cancel()
    second.cancel()
    await asyncio.gather(first, second)


async def cancelled_and_listed(running):
    cancelled = []
    for task in running:
        if not task.done():
            task.cancel()
            cancelled.append(task)
    await asyncio.gather(*cancelled)


async def finally_waits(pages):
    tasks = [asyncio.create_task(fetch(page)) for page in pages]
    try:
        await asyncio.gather(*tasks)
    finally:
        await asyncio.gather(*tasks, return_exceptions=True)


async def handler_waits(pages):
    tasks = [asyncio.create_task(fetch(page)) for page in pages]
    try:
        await asyncio.gather(*tasks)
    except BaseException:
        await asyncio.wait(tasks)
        raise


async def waited_for_before(pages):
    tasks = [asyncio.ensure_future(page) for page in pages]
    await asyncio.wait(tasks)
    print(len(pages))
    await asyncio.gather(*tasks)


async def cancelled_again(urls):
    one = asyncio.create_task(fetch("one"))
    other = asyncio.create_task(fetch("other"))
    try:
        await asyncio.gather(one, other)
    finally:
        await asyncio.sleep(0.01)
        one.cancel()
        other.cancel()
