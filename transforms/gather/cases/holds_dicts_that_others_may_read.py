import asyncio


async def fetch(url: str) -> str:
    await asyncio.sleep(0)
    return url


async def handed_on(urls, watch):
    tasks = {url: asyncio.create_task(fetch(url)) for url in urls}
    watch(tasks)
    await asyncio.gather(*tasks.values())


async def kept(self, urls):
    tasks = {url: asyncio.create_task(fetch(url)) for url in urls}
    self.tasks = tasks
    await asyncio.gather(*tasks.values())


async def values_kept(self, urls):
    tasks = {url: asyncio.create_task(fetch(url)) for url in urls}
    self.tasks = list(tasks.values())
    await asyncio.gather(*tasks.values())


async def updated(others):
    tasks = {"a": asyncio.create_task(fetch("/a"))}
    tasks.update(others)
    await asyncio.gather(*tasks.values())


async def unpacked(others):
    tasks = {"a": asyncio.create_task(fetch("/a")), **others}
    await asyncio.gather(*tasks.values())


async def read_by_another_scope(urls):
    tasks = {url: asyncio.create_task(fetch(url)) for url in urls}

    def cancel():
        tasks["/"].cancel()

    asyncio.get_running_loop().call_later(1, cancel)
    await asyncio.gather(*tasks.values())


async def watched_by_a_handler(urls):
    tasks = {url: asyncio.create_task(fetch(url)) for url in urls}
    try:
        await asyncio.gather(*tasks.values())
    except OSError:
        await asyncio.wait(tasks.values())


async def item_kept(self, urls):
    tasks = {url: asyncio.create_task(fetch(url)) for url in urls}
    self.first = tasks["/"]
    await asyncio.gather(*tasks.values())


async def of_somebody(tasks: dict):
    await asyncio.gather(*tasks.values())
