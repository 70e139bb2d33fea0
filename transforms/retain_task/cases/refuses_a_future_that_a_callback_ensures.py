# What is there already is given back.
import asyncio


def wait(loop: asyncio.AbstractEventLoop):
    answer = loop.create_future()
    loop.call_soon(asyncio.ensure_future, answer)
    return answer
