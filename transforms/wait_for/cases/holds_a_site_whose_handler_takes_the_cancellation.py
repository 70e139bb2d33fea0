# asyncmend: --target-version 3.10
import asyncio
import contextlib
from asyncio import CancelledError

GONE = (asyncio.CancelledError, ConnectionError)


async def acknowledged(ack):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except (asyncio.TimeoutError, asyncio.CancelledError):
        pass
    await ack.close()


async def suppressed(ack):
    with contextlib.suppress(CancelledError):
        await asyncio.wait_for(ack.wait(), 1)
    await ack.close()


async def of_everything(ack):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except:
        return False
    return True


async def by_a_name(ack):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except GONE:
        await ack.close()


async def now_and_then(ack):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except asyncio.CancelledError:
        if not ack.is_closing:
            raise


async def as_something_else(ack):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except asyncio.CancelledError:
        raise ConnectionError("closed")


async def by_a_finally(ack):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    finally:
        return ack


async def around_a_handler_that_raises(ack):
    try:
        try:
            await asyncio.wait_for(ack.wait(), 1)
        except asyncio.CancelledError:
            print("stopped")
            raise
    except BaseException as error:
        print(error)


async def in_a_loop_that_ends(queue, handle):
    try:
        while not queue.closed:
            handle(await asyncio.wait_for(queue.get(), 1))
    except asyncio.CancelledError:
        pass


async def with_a_way_past_what_is_awaited(queue, handle):
    try:
        item = await asyncio.wait_for(queue.get(), 1)
        if item is None:
            return
        await handle(item)
    except asyncio.CancelledError:
        pass


async def in_an_asynchronous_loop_that_is_left(source, ack):
    try:
        async for _ in source:
            await asyncio.wait_for(ack.wait(), 1)
            break
    except asyncio.CancelledError:
        pass
    await ack.close()


async def in_a_loop_that_awaits_elsewhere(queue, handle):
    while True:
        try:
            item = await asyncio.wait_for(queue.get(), 1)
        except asyncio.CancelledError:
            break
        await handle(item)


async def until_it_cannot_be_handled(queue, handle):
    try:
        while True:
            try:
                item = await asyncio.wait_for(queue.get(), 1)
                handle(item)
            except ValueError:
                break
    except asyncio.CancelledError:
        pass
    await queue.close()
