import asyncio


async def named(keys, load):
    tasks = []
    for key in keys:
        tasks = tasks + [asyncio.ensure_future(load(key))]
        before = tasks
    await asyncio.gather(*tasks)
    return before


async def of_others(keys, load, others):
    tasks = [load(key) for key in keys]
    tasks = tasks + others
    await asyncio.gather(*tasks)


async def doubled(keys, load):
    tasks = [load(key) for key in keys]
    tasks = tasks + tasks
    await asyncio.gather(*tasks)


async def also_kept(self, keys, load):
    tasks = []
    tasks = self.tasks = tasks + [asyncio.ensure_future(load(key)) for key in keys]
    await asyncio.gather(*tasks)
