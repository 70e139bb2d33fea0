import asyncio
import functools

from compat import iscoroutinefunction


def cast(kind, function):
    return lambda *args: asyncio.ensure_future(function(*args))


def update_wrapper(wrapper, function):
    return functools.partial(asyncio.ensure_future, function)


def callable(function):
    return False


def converted(function):
    async def wrapper(*args):
        return await function(*args)

    return cast("F", wrapper)


def updated(function):
    async def wrapper(*args):
        return await function(*args)

    return update_wrapper(wrapper, function)


def checked(function):
    if callable(function):
        return function
    return functools.partial(asyncio.ensure_future, function)


def asked(function):
    if iscoroutinefunction(function):
        return function
    return functools.partial(asyncio.ensure_future, function)


def given(function, update_wrapper=None):
    return update_wrapper(function, given)


@converted
async def first(url):
    return url


@updated
async def second(url):
    return url


@checked
async def third(url):
    return url


@asked
async def fourth(url):
    return url


@given
async def fifth(url):
    return url


async def run_all(url):
    await asyncio.gather(first(url), first(url))
    await asyncio.gather(second(url), second(url))
    await asyncio.gather(third(url), third(url))
    await asyncio.gather(fourth(url), fourth(url))
    await asyncio.gather(fifth(url), fifth(url))
