import asyncio


async def fetch_user(user_id):
    await asyncio.sleep(0.1)
    return {"id": user_id}


async def fetch_orders(user_id):
    await asyncio.sleep(0.2)
    return [user_id]


async def profile(user_id):
    user, orders = await asyncio.gather(fetch_user(user_id), fetch_orders(user_id))
    return {**user, "orders": orders}
