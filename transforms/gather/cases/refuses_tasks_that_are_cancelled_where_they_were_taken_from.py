import asyncio


async def run(work):
    tasks = [asyncio.create_task(it()) for it in work]
    try:
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
        if pending:
            await asyncio.gather(*pending)
    except BaseException:
        for task in tasks:
            if not task.done():
                task.cancel()
        raise


async def those_left(tasks):
    try:
        left = [task for task in tasks if not task.done()]
        await asyncio.gather(*left)
    finally:
        for task in tasks:
            task.cancel()
