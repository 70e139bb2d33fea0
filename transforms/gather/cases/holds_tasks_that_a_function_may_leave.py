import asyncio


async def work(): ...


async def cancel_and_wait(*tasks):
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


def cancel_first(*tasks):
    tasks[0].cancel()


def cancel_some(tasks):
    for task in tasks:
        if task.get_name():
            task.cancel()


async def not_awaited():
    tasks = [asyncio.create_task(work()), asyncio.create_task(work())]
    try:
        await asyncio.gather(*tasks)
    finally:
        cancel_and_wait(*tasks)


async def one_of_them():
    one, other = asyncio.create_task(work()), asyncio.create_task(work())
    try:
        await asyncio.gather(one, other)
    finally:
        await cancel_and_wait(one)


async def the_first():
    tasks = [asyncio.create_task(work()), asyncio.create_task(work())]
    try:
        await asyncio.gather(*tasks)
    finally:
        cancel_first(*tasks)


async def some_of_them():
    tasks = [asyncio.create_task(work()), asyncio.create_task(work())]
    try:
        await asyncio.gather(*tasks)
    finally:
        cancel_some(tasks)
