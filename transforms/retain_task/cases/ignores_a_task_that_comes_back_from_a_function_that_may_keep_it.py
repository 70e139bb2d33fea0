import asyncio

HELD = set()


def held(task):
    HELD.add(task)
    return task


def replaced(task):
    if task.done():
        task = asyncio.current_task()
    return task


def watched(task):
    yield task


def spawn_and_hold(coroutine):
    return held(asyncio.create_task(coroutine))


def spawn_a_local_and_hold(coroutine):
    task = asyncio.create_task(coroutine)
    task = held(task)
    return task


def spawn_and_replace(coroutine):
    return replaced(asyncio.create_task(coroutine))


def spawn_and_watch(coroutine):
    return watched(asyncio.create_task(coroutine))


async def main(job):
    spawn_and_hold(job())
    spawn_a_local_and_hold(job())
    spawn_and_replace(job())
    spawn_and_watch(job())
