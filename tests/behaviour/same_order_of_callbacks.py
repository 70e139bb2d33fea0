"""A dropped task that finishes anyway: its steps, its callbacks and its failure are as before."""
import asyncio


async def step(name, turns=1):
    for turn in range(turns):
        print(name, turn)
        await asyncio.sleep(0)
    return name


async def fail():
    raise KeyError("missing")


def first(task):
    print("first:", task.get_name(), repr(task.exception()))


def second(task):
    print("second:", task.get_name(), task.done())


def chained():
    asyncio.create_task(step("chained"), name="chained").add_done_callback(first)


def local():
    task = asyncio.create_task(step("local", 2), name="local")
    task.add_done_callback(first)
    task.add_done_callback(second)


def failing():
    _ = asyncio.create_task(step("underscore"))
    task = asyncio.create_task(fail(), name="failing")
    task.add_done_callback(first)


async def main():
    chained()
    local()
    failing()
    asyncio.get_running_loop().call_soon(print, "next turn")
    asyncio.create_task(step("last", 3))
    for turn in range(6):
        print("turn", turn, len(asyncio.all_tasks()))
        await asyncio.sleep(0)


asyncio.run(main())
