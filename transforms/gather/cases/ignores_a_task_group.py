# asyncmend: --target-version 3.11
import asyncio


async def fetch_user(user_id):
    await asyncio.sleep(0)
    return user_id


async def pair():
    async with asyncio.TaskGroup() as tg:
        left_task = tg.create_task(fetch_user(1))
        right_task = tg.create_task(fetch_user(2))
    return left_task.result(), right_task.result()
