import asyncio
import weakref
from weakref import WeakKeyDictionary, WeakSet, WeakValueDictionary

sent = WeakSet()
by_number = None
by_number = WeakValueDictionary()
started: WeakKeyDictionary[asyncio.Task, float] = weakref.WeakKeyDictionary()


def on_order(order):
    task = asyncio.create_task(order.save())
    sent.add(task)
    task.add_done_callback(sent.discard)


def on_payment(order):
    task = asyncio.create_task(order.save())
    by_number[order.number] = task


def on_delivery(order):
    task = asyncio.create_task(order.save())
    started[task] = order.time
    weakref.finalize(task, print, "gone")


def at_once(order):
    sent.add(asyncio.create_task(order.save()))
    by_number[order.number] = asyncio.create_task(order.save())
    started[asyncio.create_task(order.save())] = order.time
    task = by_number[order.number] = asyncio.create_task(order.save())
    print(task)


def spawn(order) -> asyncio.Task:
    task = asyncio.create_task(order.save())
    sent.add(task)
    return task


def on_return(order):
    spawn(order)


def keep(task):
    sent.add(task)
    return task


def on_loss(order):
    keep(asyncio.create_task(order.save()))


class Orders:
    _by_number: WeakValueDictionary[int, asyncio.Task]

    def __init__(self, loop: asyncio.AbstractEventLoop):
        self._loop = loop
        self._tasks: weakref.WeakSet[asyncio.Task] = weakref.WeakSet()

    def on_order(self, order):
        task = self._loop.create_task(order.save())
        self._tasks.add(task)

    def on_payment(self, order):
        tasks = self._tasks
        tasks.add(self._loop.create_task(order.save()))

    def on_delivery(self, order):
        self._by_number[order.number] = self._loop.create_task(order.save())

    def close(self):
        self._tasks = weakref.WeakSet()


class Returns(Orders):
    def on_return(self, order, tasks: "WeakSet[asyncio.Task]"):
        self._tasks.add(asyncio.create_task(order.save()))
        tasks.add(asyncio.create_task(order.save()))
