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
        await asyncio.sleep(0)
        handle(item)
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


async def within_what_is_awaited(queue):
    try:
        await asyncio.sleep(await asyncio.wait_for(queue.get(), 1))
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


async def pause(queue):
    while not queue.empty():
        await asyncio.sleep(0.1)
    print("empty")
    await asyncio.wait([asyncio.ensure_future(queue.get())])


async def with_a_place_that_awaits(queue, items):
    try:
        items[await asyncio.sleep(0)] = await asyncio.wait_for(queue.get(), 1)
    except asyncio.CancelledError:
        pass


async def before_a_pause(queue):
    try:
        item = await asyncio.wait_for(queue.get(), 1)
        await pause(queue)
    except asyncio.CancelledError:
        return None
    return item


async def with_pauses_on_all_ways(queue):
    try:
        item = await asyncio.wait_for(queue.get(), 1)
        if item is None:
            await asyncio.sleep(1)
            return None
        elif item:
            await asyncio.sleep(0)
        else:
            await asyncio.wait([queue.closed])
    except asyncio.CancelledError:
        return None
    return item


async def with_a_pause_before_it_returns(queue):
    try:
        try:
            return await asyncio.wait_for(queue.get(), 1)
        finally:
            await asyncio.sleep(0)
    except asyncio.CancelledError:
        return None


async def that_comes_back_early(queue, handle):
    while True:
        try:
            item = await asyncio.wait_for(queue.get(), 1)
            if item is None:
                continue
            await handle(item)
        except asyncio.TimeoutError:
            await queue.join()
        except asyncio.CancelledError:
            return


async def that_may_be_left_before_it_waits_again(queue, handle):
    try:
        while True:
            await asyncio.sleep(1)
            if queue.closed:
                break
            handle(await asyncio.wait_for(queue.get(), 1))
    except asyncio.CancelledError:
        pass


async def that_yields_after_a_pause(queue):
    try:
        while True:
            item = await asyncio.wait_for(queue.get(), 1)
            await asyncio.sleep(0)
            yield item
    except asyncio.CancelledError:
        return


async def that_raises_to_its_own_handler(queue, handle):
    while True:
        try:
            try:
                handle(await asyncio.wait_for(queue.get(), 1))
            except ValueError:
                continue
            except Exception as error:
                if queue.closed:
                    raise error
                print("tried again")
                raise
        except asyncio.CancelledError:
            return
        except Exception as error:
            print("failed", error)
            continue
