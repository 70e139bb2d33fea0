import asyncio


def expire_later(cache, key):
    loop = asyncio.get_running_loop()
    loop.call_later(5, lambda: asyncio.create_task(cache.expire(key)))
    loop.call_soon(lambda: loop.create_task(cache.touch(key)))
