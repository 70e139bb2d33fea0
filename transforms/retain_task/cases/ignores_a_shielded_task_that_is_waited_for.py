import asyncio


async def flush(journal):
    await journal.drain()


async def wait_again(journal):
    task = asyncio.create_task(flush(journal))
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


async def wait_as_long_as_it_takes(journal):
    task = asyncio.create_task(flush(journal))
    while True:
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            continue


async def wait_for_what_is_held(journal):
    journal.task = asyncio.create_task(flush(journal))
    await asyncio.shield(journal.task)
    await asyncio.shield(journal.future)


async def hand_on(journal):
    await journal.shield(flush(journal))
    await asyncio.shield(flush(journal), loop=journal.loop)


async def wait_for_others(journal, tasks):
    await asyncio.shield(asyncio.gather(*tasks, journal.task))
    closed = asyncio.gather(*tasks)
    await asyncio.shield(closed)
    await asyncio.shield(asyncio.wait(tasks))
    await asyncio.shield(asyncio.to_thread(journal.fsync))
