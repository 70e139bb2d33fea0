import asyncio


def call(loop, coroutine):
    return asyncio.run_coroutine_threadsafe(coroutine, loop).result()


def submit(loop, coroutine, pending):
    pending.append(asyncio.run_coroutine_threadsafe(coroutine, loop))
