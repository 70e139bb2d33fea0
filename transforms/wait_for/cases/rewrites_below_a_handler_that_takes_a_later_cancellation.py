# asyncmend: --target-version 3.10
import asyncio


async def raised_again(ack):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except asyncio.CancelledError as error:
        await ack.close()
        raise error


async def raised_in_each_way(ack):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except BaseException:
        if ack.is_closing:
            raise
        else:
            print("stopped")
            raise


async def raised_before_it_gets_there(ack):
    try:
        try:
            await asyncio.wait_for(ack.wait(), 1)
        except asyncio.CancelledError:
            raise
        except BaseException:
            pass
    finally:
        ack.is_closing = False


async def of_failures(ack):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except Exception:
        pass


async def with_more_to_wait_for(queue, handle):
    try:
        item = await asyncio.wait_for(queue.get(), 1)
        await handle(item)
    except asyncio.CancelledError:
        pass


async def for_ever(queue, handle):
    try:
        while True:
            try:
                handle(await asyncio.wait_for(queue.get(), 1))
            except asyncio.TimeoutError:
                print("nothing yet")
    except asyncio.CancelledError:
        pass


async def within_what_is_awaited(queue, handle):
    try:
        await handle(await asyncio.wait_for(queue.get(), 1))
    except asyncio.CancelledError:
        pass


async def within_the_handler(queue):
    try:
        await queue.put(None)
    except asyncio.CancelledError:
        await asyncio.wait_for(queue.join(), 1)


async def again_and_again(queue, handle):
    try:
        while True:
            try:
                item = await asyncio.wait_for(queue.get(), 1)
            except asyncio.TimeoutError:
                continue
            for part in item:
                if part is None:
                    break
            handle(item)
    except asyncio.CancelledError:
        pass


async def until_it_is_cancelled(queue, handle):
    while True:
        try:
            handle(await asyncio.wait_for(queue.get(), 1))
        except asyncio.TimeoutError:
            continue
        except asyncio.CancelledError:
            break


async def cancelled_anew(ack):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except asyncio.CancelledError:
        raise asyncio.CancelledError("stopped") from None


async def of_a_stream(source, ack):
    try:
        async for _ in source:
            await asyncio.wait_for(ack.wait(), 1)
    except asyncio.CancelledError:
        pass


async def until_nothing_comes(queue, handle):
    try:
        while True:
            try:
                item = await asyncio.wait_for(queue.get(), 1)
            except asyncio.TimeoutError:
                break
            else:
                handle(item)
    except asyncio.CancelledError:
        pass
