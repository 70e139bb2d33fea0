import asyncio
import functools
from typing import cast


def logged(function):
    @functools.wraps(function)
    async def wrapper(*args):
        print("calling", function.__name__)
        return await function(*args)

    return wrapper


def retried(times):
    def decorate(function):
        async def wrapper(*args):
            for _ in range(times):
                try:
                    return await function(*args)
                except OSError:
                    await asyncio.sleep(1)

        return functools.update_wrapper(wrapper, function)

    return decorate


def timed(function=None, *, label=""):
    def decorate(function):
        if asyncio.iscoroutinefunction(function):

            @functools.wraps(function)
            async def wrapper(*args):
                return await function(*args)

        else:

            @functools.wraps(function)
            def wrapper(*args):
                return function(*args)

        return cast("F", wrapper)

    return decorate if function is None else decorate(function)


def traced(function=None, *, label=""):
    def decorate(function):
        return functools.wraps(function)(logged_as(label, function))

    async def logged_as(label, function):
        return await function

    async def wrapper(*args):
        return await logged_as(label, function(*args))

    if function is None:
        return decorate
    return functools.wraps(function)(wrapper)


def registered(function):
    if not callable(function):
        raise TypeError
    commands.append(function)
    return function


commands = []


@logged
@retried(3)
async def fetch(url):
    return url


@traced
@timed
async def parse(text):
    return text


@timed(label="store")
@registered
async def store(item):
    return item


class Client:
    @logged
    async def load(self, key):
        return key

    async def load_both(self):
        return await asyncio.gather(self.load("a"), self.load("b"))


async def run(url):
    text, parsed, stored = await asyncio.gather(fetch(url), parse(url), store(url))
    return text, parsed, stored
