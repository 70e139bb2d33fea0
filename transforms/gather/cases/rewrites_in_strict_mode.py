# asyncmend: --strict
import asyncio


async def fetch_user(user_id):
    await asyncio.sleep(0)
    return user_id


async def friends(left, right):
    first, second = await asyncio.gather(fetch_user(left), fetch_user(right))
    return first, second
