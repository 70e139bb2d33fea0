# asyncmend: --target-version 3.11
import asyncio
import contextlib


async def drain(queue):
    while not queue.closing:
        try:
            await asyncio.wait_for(queue.work(), timeout=5)
        except asyncio.CancelledError:
            queue.closing = True


async def stop(connection):
    try:
        await asyncio.wait_for(connection.end(), timeout=5)
    except (TimeoutError, asyncio.CancelledError) as error:
        print(type(error))


async def stop_on_a_line(connection, line):
    with contextlib.suppress(TimeoutError, asyncio.CancelledError):
        async with line:
            await asyncio.wait_for(connection.end(), timeout=5)


async def stop_of_some_kind(connection, kind):
    try:
        await asyncio.wait_for(connection.end(), timeout=5)
    except kind:
        print("late")
    except BaseException:
        connection.kill()
