# What is there already is given back, however it is handed over.
import asyncio
import functools


def wait(loop: asyncio.AbstractEventLoop):
    answer = loop.create_future()
    again = functools.partial(asyncio.ensure_future, answer)
    loop.call_soon(again)
    loop.call_soon(asyncio.gather)
    return answer
