import asyncio


async def shut_down():
    me = asyncio.current_task()
    others = [task for task in asyncio.all_tasks() if task is not me]
    await asyncio.gather(*others)
