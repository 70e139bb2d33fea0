import anyio


async def load(urls, fetch):
    async with anyio.create_task_group() as group:
        for url in urls:
            group.start_soon(fetch, url)
        group.create_task(fetch("/last"))
