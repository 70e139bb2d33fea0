import asyncio


async def those_that_live(old):
    tasks = []
    for task in old:
        if task.get_name() == "stale":
            task.cancel()
        else:
            tasks.append(task)
    await asyncio.gather(*tasks)


async def some_by_name(tasks):
    for task in tasks:
        if task.get_name() == "slow":
            task.cancel()
    await asyncio.gather(*tasks)


async def later(tasks, loop):
    for task in tasks:
        loop.call_later(1, lambda: task.cancel())
    await asyncio.gather(*tasks)


async def waited_for_unless_it_failed(tasks, other):
    try:
        await other()
        await asyncio.wait(tasks)
    except OSError:
        pass
    await asyncio.gather(*tasks)
