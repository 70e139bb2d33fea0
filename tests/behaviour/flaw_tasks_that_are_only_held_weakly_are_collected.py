# asyncmend: --target-version 3.8
"""A task dies all the same where what it was put into refers to it weakly."""
import asyncio
import gc
import weakref

fates = []
sent = weakref.WeakSet()
by_name = weakref.WeakValueDictionary()
started = weakref.WeakKeyDictionary()


async def deliver(name):
    try:
        await asyncio.get_running_loop().create_future()  # only this coroutine refers to it
    except GeneratorExit:
        fates.append(name + ": collected")
        raise
    except asyncio.CancelledError:
        fates.append(name + ": cancelled at the end of the run")
        raise


def in_set():
    task = asyncio.create_task(deliver("in a set"))
    sent.add(task)
    task.add_done_callback(sent.discard)


def as_value():
    by_name["value"] = asyncio.create_task(deliver("as a value"))


def as_key():
    task = asyncio.create_task(deliver("as a key"))
    started[task] = 1.0
    weakref.finalize(task, int)


def spawn(name) -> asyncio.Task:
    task = asyncio.create_task(deliver(name))
    sent.add(task)
    return task


def keep(task):
    sent.add(task)
    return task


class Orders:
    def __init__(self):
        self.tasks = weakref.WeakSet()

    def start(self):
        self.tasks.add(asyncio.create_task(deliver("of an object")))


async def main():
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    orders = Orders()
    in_set()
    as_value()
    as_key()
    spawn("given back")
    keep(asyncio.create_task(deliver("handed over")))
    orders.start()
    for _ in range(4):
        await asyncio.sleep(0)
    gc.collect()
    held = len(sent) + len(by_name) + len(started) + len(orders.tasks)
    print("collected:", len(fates), "alive:", len(asyncio.all_tasks()) - 1, "held weakly:", held)


asyncio.run(main())
for fate in sorted(fates):
    print(fate)
