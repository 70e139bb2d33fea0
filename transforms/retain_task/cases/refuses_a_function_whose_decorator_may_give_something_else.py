import asyncio
import functools

from shop.audit import audited


def logged(function):
    @functools.wraps(function)
    def call(*args):
        print(function)
        return function(*args)

    return call


def either(function):
    if asyncio.iscoroutinefunction(function):
        return function
    return logged(function)


def held(function):
    async def call(*args):
        return function(*args)

    return call


class Driver:
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop

    @audited
    def add_job(self, target, *args) -> asyncio.Task:
        return self.loop.create_task(target(*args))

    def add_soon(self, target) -> None:
        self.loop.call_soon_threadsafe(self.add_job, target)

    def run(self, accessory) -> None:
        self.add_job(accessory.run)


@audited
def confirm(order):
    return asyncio.create_task(order.confirm())


@logged
def ship(order):
    return asyncio.create_task(order.ship())


@either
def bill(order):
    return asyncio.create_task(order.bill())


@held
def keep(order):
    return asyncio.create_task(order.keep())


async def on_order(order):
    confirm(order)
    ship(order)
    bill(order)
    keep(order)
