import asyncio


class Nursery(asyncio.TaskGroup):
    """A task group with a name."""


async def load(urls, fetch):
    async with Nursery() as nursery:
        for url in urls:
            nursery.create_task(fetch(url))
