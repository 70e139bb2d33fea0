# asyncmend: --target-version 3.10
import asyncio


async def in_a_loop(queue):
    try:
        while True:
            item = await asyncio.wait_for(queue.get(), 1)
            yield item
    except asyncio.CancelledError:
        return


async def in_a_handler_in_a_loop(queue):
    while True:
        try:
            yield await asyncio.wait_for(queue.get(), 1)
        except asyncio.CancelledError:
            return


async def behind_the_handler(queue):
    while True:
        try:
            item = await asyncio.wait_for(queue.get(), 1)
        except asyncio.CancelledError:
            return
        yield item
