import asyncio


def shielded(function):
    def wrapped(*args):
        return asyncio.shield(function(*args))

    return wrapped
