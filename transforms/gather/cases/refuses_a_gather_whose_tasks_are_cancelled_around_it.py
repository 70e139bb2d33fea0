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
