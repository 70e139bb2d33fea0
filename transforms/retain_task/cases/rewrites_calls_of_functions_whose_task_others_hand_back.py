import asyncio


def logged(task):
    task.add_done_callback(print)
    return task


def named(task: asyncio.Task, name) -> asyncio.Task:
    task.set_name(name)
    return task


def spawn(coroutine):
    return logged(asyncio.create_task(coroutine))


def spawn_a_local(coroutine):
    task = asyncio.create_task(coroutine)
    print(task)
    return logged(task)


def spawn_two_locals(coroutine):
    task = asyncio.create_task(coroutine)
    logged_task = logged(task)
    return logged_task


def spawn_in_turn(coroutine):
    return logged(logged(task=spawn(coroutine)))


def spawn_with_a_name(coroutine, name):
    return named(logged(asyncio.create_task(coroutine)), name=name)


async def main(job):
    spawn(job())
    spawn_a_local(job())
    spawn_two_locals(job())
    spawn_in_turn(job())
    spawn_with_a_name(job(), "job")
