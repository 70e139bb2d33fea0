import asyncio

_tasks = set()


async def job():
    await asyncio.sleep(1)


def handler():
    asyncio.ensure_future(job())
    print(3)


def other():
    t = asyncio.create_task(job())
    _tasks.add(t)
    t.add_done_callback(_tasks.discard)


def reset():
    global _tasks
    _tasks = set()
