# asyncmend: --target-version 3.8
"""Tasks that a function makes for itself, looks at and gathers: what it can tell of them."""
import asyncio


async def job(name, turns):
    for _ in range(turns):
        await asyncio.sleep(0)
    return name


async def fails(name, turns):
    await job(name, turns)
    raise LookupError(name)


async def waited_for(child):
    tasks = [asyncio.ensure_future(job("a", 1)), asyncio.ensure_future(child("b", 2))]
    await asyncio.wait(tasks)
    print([task.done() for task in tasks])
    return await asyncio.gather(*tasks)


async def by_name(child):
    a = asyncio.ensure_future(job("a", 1))
    b = asyncio.ensure_future(child("b", 3))
    print(await a, b.done())
    return await asyncio.gather(a, b)


async def paired(child):
    tasks = [asyncio.ensure_future(job("a", 1)), asyncio.ensure_future(child("b", 2))]
    return [
        (task.done(), result)
        for task, result in zip(tasks, await asyncio.gather(*tasks))
    ]


async def main():
    for child in job, fails:
        for function in waited_for, by_name, paired:
            try:
                print(function.__name__, await function(child))
            except LookupError as error:
                print(function.__name__, repr(error))
            await asyncio.sleep(0.01)
            print(len(asyncio.all_tasks()))


asyncio.run(main())
