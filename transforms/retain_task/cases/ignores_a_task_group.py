import asyncio


async def load(urls, fetch):
    async with asyncio.TaskGroup() as tg:
        for url in urls:
            tg.create_task(fetch(url))
        last = tg.create_task(fetch("/last"))
