import asyncio
import functools


def cached(function):
    @functools.lru_cache
    async def wrapper(*args):
        return await function(*args)

    return wrapper


def spawned(function):
    def wrapper(*args):
        return asyncio.ensure_future(function(*args))

    return wrapper


def replaced(function):
    async def wrapper(*args):
        return await function(*args)

    if function.__name__ in overrides:
        wrapper = overrides[function.__name__]
    return wrapper


def streamed(function):
    async def wrapper(*args):
        yield await function(*args)

    return wrapper


def optional(function=None, *, label=""):
    def decorate(function):
        async def wrapper(*args):
            return await function(*args)

        return wrapper

    return decorate if label else decorate(function)


def either(function, *, label=""):
    async def wrapper(*args):
        return await function(*args)

    def plain(*args):
        return asyncio.ensure_future(function(*args))

    if label:
        return plain
    return wrapper


overrides = {}


@cached
async def first(url):
    return url


@spawned
async def second(url):
    return url


@replaced
async def third(url):
    return url


@streamed
async def fourth(url):
    return url


@optional(label="fifth")
async def fifth(url):
    return url


@either
async def sixth(url):
    return url


async def run_all(url):
    await asyncio.gather(first(url), first(url))
    await asyncio.gather(second(url), second(url))
    await asyncio.gather(third(url), third(url))
    await asyncio.gather(fourth(url), fourth(url))
    await asyncio.gather(fifth(url), fifth(url))
    await asyncio.gather(sixth(url), sixth(url))
