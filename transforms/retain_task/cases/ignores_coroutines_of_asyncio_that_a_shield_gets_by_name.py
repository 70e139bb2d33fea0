import asyncio


async def wait_for_all(tasks):
    waiting = asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    await asyncio.shield(waiting)


async def store(journal):
    task = asyncio.ensure_future(asyncio.to_thread(journal.fsync))
    await asyncio.shield(task)


async def store_and_tell(journal):
    task = asyncio.create_task(coro=asyncio.to_thread(journal.fsync))
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        task.add_done_callback(print)
        raise


async def pause(loop: asyncio.AbstractEventLoop, seconds):
    sleeping = asyncio.sleep(seconds)
    await asyncio.shield(loop.create_task(sleeping))


async def wait_a_while(flushed: asyncio.Future, journal):
    await asyncio.shield(asyncio.wait_for(flushed, 3))
    await asyncio.shield(asyncio.wait_for(asyncio.to_thread(journal.fsync), 3))
