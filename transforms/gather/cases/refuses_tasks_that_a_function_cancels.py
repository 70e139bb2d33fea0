import asyncio


async def work(): ...


async def cancel_and_wait(*tasks):
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


def cancel_those_left(tasks):
    for task in tasks:
        if not task.done():
            task.cancel()


class Tasks:
    @staticmethod
    def cancel(*tasks):
        for task in tasks:
            task.cancel()


async def in_a_finally():
    tasks = [asyncio.create_task(work()), asyncio.create_task(work())]
    try:
        await asyncio.gather(*tasks)
    finally:
        await cancel_and_wait(*tasks)


async def each_by_name():
    one, other = asyncio.create_task(work()), asyncio.create_task(work())
    try:
        await asyncio.gather(one, other)
    finally:
        await cancel_and_wait(one, other)


async def in_a_handler():
    tasks = [asyncio.create_task(work()), asyncio.create_task(work())]
    try:
        await asyncio.gather(*tasks)
    except BaseException:
        cancel_those_left(tasks)
        raise


async def by_a_static_method():
    tasks = [asyncio.create_task(work()), asyncio.create_task(work())]
    try:
        await asyncio.gather(*tasks)
    finally:
        Tasks.cancel(*tasks)


async def in_the_finally_of_a_handler():
    tasks = [asyncio.create_task(work()), asyncio.create_task(work())]
    try:
        await asyncio.sleep(1)
    except asyncio.CancelledError:
        await asyncio.gather(*tasks)
    finally:
        await cancel_and_wait(*tasks)


stop_all = cancel_and_wait


async def by_another_name():
    tasks = [asyncio.create_task(work()), asyncio.create_task(work())]
    try:
        await asyncio.gather(*tasks)
    finally:
        await stop_all(*tasks)


async def shielded(awaitable):
    await asyncio.shield(awaitable)


async def by_what_a_function_waits_for():
    tasks = [asyncio.create_task(work()), asyncio.create_task(work())]
    try:
        await asyncio.gather(*tasks)
    except BaseException:
        await shielded(cancel_and_wait(*tasks))
        raise
