# asyncmend: --target-version 3.11
import asyncio
import contextlib


class Done(Exception):
    pass


async def raises_in_finally(queue):
    try:
        try:
            await queue.work()
        finally:
            raise Done
    except Done:
        print("done")
    await asyncio.wait_for(queue.join(), timeout=5)


async def raises_in_handler(queue):
    while not queue.closed:
        await asyncio.wait_for(queue.join(), timeout=5)
        try:
            try:
                await queue.work()
            except asyncio.CancelledError:
                raise Done()
        except Done:
            print("done")


async def continues_in_finally(queue):
    for _ in range(3):
        try:
            await queue.work()
        finally:
            continue
    await asyncio.wait_for(queue.join(), timeout=5)


async def raises_to_the_caller(queue):
    try:
        await queue.work()
    except asyncio.CancelledError:
        raise Done()
    try:
        await asyncio.wait_for(queue.join(), timeout=5)
    except Done:
        print("done")


async def is_left_either_way(queue):
    try:
        await queue.work()
    except asyncio.CancelledError:
        if queue.closed:
            return
        else:
            raise
    await asyncio.wait_for(queue.join(), timeout=5)


async def leaves_or_goes_on(queue):
    try:
        await queue.work()
    finally:
        if queue.failed:
            raise Done()
        if queue.closed:
            return
    await asyncio.wait_for(queue.join(), timeout=5)


async def raises_once_more(queue):
    try:
        try:
            await queue.work()
        finally:
            raise Done()
    except Done:
        raise ValueError
    await asyncio.wait_for(queue.join(), timeout=5)


async def raises_where_a_manager_takes_it(queue):
    try:
        await queue.work()
    except asyncio.CancelledError:
        with contextlib.suppress(Done):
            raise Done()
    await asyncio.wait_for(queue.join(), timeout=5)


async def waits_where_what_is_raised_is_taken(queue):
    try:
        try:
            await queue.work()
        except asyncio.CancelledError:
            raise Done()
    except Done:
        await asyncio.wait_for(queue.join(), timeout=5)
