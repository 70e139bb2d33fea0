import asyncio
from typing import Any, Callable, cast


def callback(function):
    """Marks what may be called from the event loop."""
    function.is_callback = True
    return function


def untyped(function: Callable[..., Any]) -> Callable[..., Any]:
    return cast(Callable[..., Any], function)


def named(name):
    def decorator(function):
        function.name = name
        return function

    return decorator


class Driver:
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop

    @callback
    def add_job(self, target, *args) -> asyncio.Task:
        return self.loop.create_task(target(*args))

    def run(self, accessory) -> None:
        self.add_job(accessory.run)


@untyped
@named("spawn")
def spawn(coroutine):
    return asyncio.create_task(coroutine)


def use(loop: asyncio.AbstractEventLoop, coroutine) -> None:
    spawn(coroutine)
    loop.call_soon(spawn, coroutine)
