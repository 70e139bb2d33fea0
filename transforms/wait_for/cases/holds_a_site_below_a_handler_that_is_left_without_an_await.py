# asyncmend: --target-version 3.10
import asyncio


async def by_a_return(task, timeout):
    try:
        if timeout is not None:
            return await asyncio.wait_for(task, timeout)
        await asyncio.sleep(1)
    except asyncio.CancelledError:
        raise ConnectionError("closed")


async def by_a_return_in_an_else(queue, timeout):
    try:
        if timeout is None:
            item = await queue.get()
        else:
            return await asyncio.wait_for(queue.get(), timeout)
        await asyncio.sleep(item)
    except asyncio.CancelledError:
        return None


async def by_a_return_in_a_with(queue, lock):
    try:
        with lock:
            return await asyncio.wait_for(queue.get(), 1)
        await asyncio.sleep(1)
    except asyncio.CancelledError:
        return None


async def by_a_return_in_a_match(queue, kind):
    try:
        match kind:
            case "new":
                return await asyncio.wait_for(queue.get(), 1)
        await asyncio.sleep(1)
    except asyncio.CancelledError:
        return None


async def by_a_return_around_it(queue, use):
    try:
        return use(await asyncio.wait_for(queue.get(), 1))
        await asyncio.sleep(1)
    except asyncio.CancelledError:
        return None


async def by_a_raise_around_it(queue, make, fails):
    try:
        if fails:
            raise make(await asyncio.wait_for(queue.get(), 1))
        await asyncio.sleep(1)
    except asyncio.CancelledError:
        return None


async def by_a_raise_behind_it(queue):
    while True:
        try:
            item = await asyncio.wait_for(queue.get(), 1)
            if item == "bad":
                raise KeyError(item)
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            return None


async def by_a_break(queue, items):
    for item in items:
        try:
            if await asyncio.wait_for(queue.get(), 1):
                break
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            return None


async def by_a_continue_of_a_loop_that_ends(queue, items):
    for item in items:
        try:
            if await asyncio.wait_for(queue.get(), 1):
                continue
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            return None


async def when_it_comes_back(queue):
    while True:
        try:
            if queue.closed:
                break
            print(await asyncio.wait_for(queue.get(), 1))
        except asyncio.CancelledError:
            return None


async def from_a_finally(queue):
    try:
        try:
            print("closing")
            return queue
        finally:
            await asyncio.wait_for(queue.join(), 1)
        await asyncio.sleep(1)
    except asyncio.CancelledError:
        return None


async def by_a_handler_of_what_comes_after_it(queue):
    try:
        try:
            item = int(await asyncio.wait_for(queue.get(), 1))
            await asyncio.sleep(item)
        except ValueError:
            print("no number")
    except asyncio.CancelledError:
        return None


async def to_a_finally_that_awaits(queue):
    try:
        print(await asyncio.wait_for(queue.get(), 1))
    except asyncio.CancelledError:
        return None
    finally:
        await asyncio.sleep(0)


async def where_what_is_assigned_comes_first(queue, delays):
    try:
        delays[await asyncio.wait_for(queue.get(), 1)] = await asyncio.sleep(0)
    except asyncio.CancelledError:
        return None


async def by_a_raise_in_a_handler(queue, handle):
    while True:
        try:
            try:
                handle(await asyncio.wait_for(queue.get(), 1))
            except Exception:
                print("failed")
                raise
        except asyncio.CancelledError:
            return None
        except ValueError:
            continue


async def by_a_raise_of_anything_in_a_handler(queue, handle):
    while True:
        try:
            try:
                handle(await asyncio.wait_for(queue.get(), 1))
            except BaseException as error:
                raise error
        except asyncio.CancelledError:
            return None
        except Exception:
            continue


async def by_a_raise_of_something_else_in_a_handler(queue, handle, failure):
    while True:
        try:
            try:
                handle(await asyncio.wait_for(queue.get(), 1))
            except Exception as error:
                raise failure from error
        except asyncio.CancelledError:
            return None
        except Exception:
            continue


async def to_another_handler_that_awaits(queue, handle):
    while True:
        try:
            try:
                handle(await asyncio.wait_for(queue.get(), 1))
            except Exception as error:
                raise error
        except asyncio.CancelledError:
            return None
        except (ValueError, OSError):
            await asyncio.sleep(1)
        except Exception:
            continue


async def whose_block_may_take_what_is_raised(queue, handle):
    while True:
        try:
            try:
                with contextlib.suppress(ValueError):
                    try:
                        handle(await asyncio.wait_for(queue.get(), 1))
                        await asyncio.sleep(0)
                    except Exception:
                        print("failed")
                        raise
            except asyncio.CancelledError:
                continue
            await asyncio.sleep(1)
        except Exception:
            continue


async def that_raises_something_else_by_that_name(queue, handle):
    while True:
        try:
            try:
                handle(await asyncio.wait_for(queue.get(), 1))
                await asyncio.sleep(0)
            except Exception as error:
                error = queue.other(error)
                raise error
        except asyncio.CancelledError:
            continue
        except Exception:
            continue
