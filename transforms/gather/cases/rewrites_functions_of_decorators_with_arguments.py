import asyncio


def sync(function):
    def wrapper(*args):
        return asyncio.ensure_future(function(*args))

    return wrapper


def named(enabled=None):
    def decorate(function):
        async def wrapper(*args):
            return await function(*args)

        return wrapper

    if enabled is None:
        return decorate
    return sync


def with_a_default(enabled=True):
    def decorate(function):
        async def wrapper(*args):
            return await function(*args)

        return wrapper

    if enabled:
        return sync
    return decorate


def by_name_alone(*, enabled=None):
    def decorate(function):
        async def wrapper(*args):
            return await function(*args)

        return wrapper

    if enabled:
        return sync
    return decorate


def bound_anew(function):
    async def wrapper(*args):
        return await function(*args)

    kept = function
    function = registry.get(kept)
    if function is None:
        return sync(kept)
    return wrapper


def of_many(*functions, label=None):
    async def wrapper(*args):
        return await functions[0](*args)

    if label:
        return wrapper
    return sync(functions[0])


registry = {}


@named(enabled=True)
async def first(url):
    return url


@with_a_default()
async def second(url):
    return url


@by_name_alone(enabled=True)
async def third(url):
    return url


@bound_anew
async def fourth(url):
    return url


@of_many
async def fifth(url):
    return url


@named()
async def sixth(url):
    return url


async def run_all(url):
    await asyncio.gather(first(url), first(url))
    await asyncio.gather(second(url), second(url))
    await asyncio.gather(third(url), third(url))
    await asyncio.gather(fourth(url), fourth(url))
    await asyncio.gather(fifth(url), fifth(url))
    await asyncio.gather(sixth(url), sixth(url))
