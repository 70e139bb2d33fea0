# asyncmend: --target-version 3.10
import asyncio


async def log(item):
    print("got", item)


async def log_what_is_there(item):
    if item:
        await asyncio.sleep(0)


async def of_a_coroutine_that_awaits_nothing(queue):
    try:
        await log(await asyncio.wait_for(queue.get(), 1))
    except asyncio.CancelledError:
        print("stopped")


async def of_a_coroutine_that_awaits_now_and_then(queue):
    try:
        item = await asyncio.wait_for(queue.get(), 1)
        await log_what_is_there(item)
    except asyncio.CancelledError:
        print("stopped")


async def of_a_queue_without_a_bound(queue, others):
    try:
        item = await asyncio.wait_for(queue.get(), 1)
        await others.put(item)
    except asyncio.CancelledError:
        print("stopped")


async def of_a_free_lock(queue, lock):
    try:
        item = await asyncio.wait_for(queue.get(), 1)
        async with lock:
            print(item)
    except asyncio.CancelledError:
        print("stopped")


async def of_a_stream_that_has_ended(queue, source):
    try:
        async for _ in source:
            await asyncio.wait_for(queue.get(), 1)
    except asyncio.CancelledError:
        print("stopped")


async def of_a_stream_afterwards(queue, source):
    try:
        item = await asyncio.wait_for(queue.get(), 1)
        async for other in source:
            print(item, other)
    except asyncio.CancelledError:
        print("stopped")


async def that_is_left_out(queue, waits):
    try:
        item = await asyncio.wait_for(queue.get(), 1)
        waits and await asyncio.sleep(item)
    except asyncio.CancelledError:
        print("stopped")


async def of_what_is_done(queue, task):
    try:
        item = await asyncio.wait_for(queue.get(), 1)
        await task
        print(item)
    except asyncio.CancelledError:
        print("stopped")


async def of_what_is_done_in_a_loop_that_ends(queue, handle):
    while not queue.closed:
        try:
            await handle(await asyncio.wait_for(queue.get(), 1))
        except asyncio.CancelledError:
            print("stopped")
