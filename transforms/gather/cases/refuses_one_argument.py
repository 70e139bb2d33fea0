import asyncio


async def fetch_user(user_id):
    await asyncio.sleep(0)
    return user_id


async def fetch_list(user_id):
    return await asyncio.gather(fetch_user(user_id))
