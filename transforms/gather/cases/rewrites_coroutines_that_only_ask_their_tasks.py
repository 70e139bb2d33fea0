import asyncio


async def load():
    await asyncio.sleep(1)


async def mapped():
    tasks = [asyncio.create_task(load()) for _ in range(3)]
    while not all(map(asyncio.Task.done, tasks)):
        await asyncio.sleep(1)
    for task in tasks:
        await task


async def filtered():
    tasks = [asyncio.create_task(load()) for _ in range(3)]
    print(len(list(filter(asyncio.Task.cancelled, tasks))))
    for task in tasks:
        await task


async def listed():
    tasks = [asyncio.create_task(load()) for _ in range(3)]
    print([task.done() for task in tasks])
    for task in tasks:
        await task


async def kept_in_dict(loop):
    tasks = {}
    task = asyncio.create_task(load())
    tasks["load"] = task
    loop.call_later(1, lambda: task.cancel())
    return await task


async def asked_by_function():
    task = asyncio.create_task(load())

    def is_done():
        return task.done()

    print(is_done())
    return await task


async def unpacked(job):
    task, job.count = asyncio.create_task(load()), 1
    return await task


async def asked_before():
    tasks = [asyncio.create_task(load()) for _ in range(3)]
    print(any(map(asyncio.Task.done, tasks)))
    await asyncio.gather(*tasks)


async def main(loop, job):
    await asyncio.gather(mapped(), load())
    await asyncio.gather(filtered(), load())
    await asyncio.gather(listed(), load())
    await asyncio.gather(kept_in_dict(loop), load())
    await asyncio.gather(asked_by_function(), load())
    await asyncio.gather(unpacked(job), load())
