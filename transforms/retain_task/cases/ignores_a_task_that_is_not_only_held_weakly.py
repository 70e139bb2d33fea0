import asyncio
import weakref
from weakref import WeakKeyDictionary, WeakSet, WeakValueDictionary

from shop import sold

by_number = WeakValueDictionary()
started = WeakKeyDictionary()
either = WeakSet()
names = [WeakSet()]


def reset():
    global either
    either = set()


class Orders:
    def __init__(self):
        self.tasks = WeakSet()
        self.others, self.more = WeakSet(), WeakSet()
        self.all = WeakSet()
        self.all |= sold

    def hold(self):
        self.tasks = set()

    def on_order(self, order):
        self.tasks.add(asyncio.create_task(order.save()))
        self.others.add(asyncio.create_task(order.save()))
        order.tasks.add(asyncio.create_task(order.save()))


def on_order(order, tasks: "WeakSet[asyncio.Task] | set[asyncio.Task]"):
    task = asyncio.create_task(order.save())
    started[task] = task
    key = asyncio.create_task(order.save())
    by_number[key] = order
    both = asyncio.create_task(order.save())
    by_number[order.number] = order.task = both
    either.add(asyncio.create_task(order.save()))
    sold.add(asyncio.create_task(order.save()))
    tasks.add(asyncio.create_task(order.save()))
    names[0].add(asyncio.create_task(order.save()))
    started[order] = asyncio.create_task(order.save())


async def on_payment(order):
    task = asyncio.create_task(order.save())
    by_number[order.number] = task
    await task


def on_delivery(order):
    task = asyncio.create_task(order.save())
    weakref.finalize(order, task.cancel)
