import asyncio


def load(cache, key):
    return asyncio.create_task(cache.load(key))


async def refresh(cache, key):
    await cache.drop(key)
    return asyncio.create_task(cache.load(key))


async def warm_up(cache, keys, done):
    for key in keys:
        load(cache, key).add_done_callback(done)
    load(cache, "index").set_name("index")
