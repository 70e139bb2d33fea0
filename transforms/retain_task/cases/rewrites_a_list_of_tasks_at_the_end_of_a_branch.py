import asyncio
import contextlib


def begin(handlers):
    return [asyncio.create_task(handler()) for handler in handlers]


def received(handlers, waiting):
    if waiting:
        waiting.release()
    elif handlers:
        begin(handlers)
    else:
        print("nobody")


async def tried(handlers, lock):
    try:
        with contextlib.suppress(KeyError):
            begin(handlers)
    except ValueError:
        begin(handlers)
        return None


async def at_the_end(handlers, lock):
    try:
        await lock.acquire()
    finally:
        begin(handlers)


async def not_at_the_end(handlers, lock):
    async with lock:
        begin(handlers)


async def again(handlers, lock):
    while True:
        await lock.acquire()
        begin(handlers)


async def cleans_up(handlers, lock):
    try:
        begin(handlers)
    finally:
        lock.release()


async def goes_on(handlers, lock):
    try:
        begin(handlers)
    except ValueError:
        begin(handlers)
    else:
        lock.release()
