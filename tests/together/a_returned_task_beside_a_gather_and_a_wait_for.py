import asyncio


async def fetch_user(user_id):
    await asyncio.sleep(0.1)
    return {"id": user_id}


async def fetch_orders(user_id):
    await asyncio.sleep(0.1)
    return []


def remember(cache, key, value):
    return asyncio.create_task(cache.put(key, value))


async def subscribe(feed, user_id):
    await feed.open()
    return asyncio.create_task(feed.follow(user_id))


async def profile(cache, feed, user_id):
    user, orders = await asyncio.gather(fetch_user(user_id), fetch_orders(user_id))
    remember(cache, user_id, user)
    await subscribe(feed, user_id)
    return {**user, "orders": orders}


async def greeting(cache, user_id):
    try:
        user = await asyncio.wait_for(fetch_user(user_id), timeout=2)
    except asyncio.TimeoutError:
        return "hello"
    remember(cache, user_id, user)
    return "hello, " + user["name"]


async def preload(cache, user_ids):
    await asyncio.gather(*[fetch_user(user_id) for user_id in user_ids])
    await asyncio.gather(remember(cache, "users", user_ids), fetch_orders(user_ids[0]))
    await asyncio.wait_for(remember(cache, "preloaded", True), 5)
