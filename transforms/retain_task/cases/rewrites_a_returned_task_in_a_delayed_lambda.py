import asyncio


def expire(cache, key):
    return asyncio.create_task(cache.expire(key))


def expire_later(cache, key):
    loop = asyncio.get_running_loop()
    loop.call_later(5, lambda: expire(cache, key))
    loop.call_at(cache.midnight(), lambda: expire(cache, key) if key in cache else None)
    cache.on_full(lambda oldest: expire(cache, oldest))
