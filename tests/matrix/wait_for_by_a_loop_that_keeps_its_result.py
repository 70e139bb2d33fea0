# asyncmend: --target-version 3.8
# scenarios: wait_for
import asyncio


async def a():
    return await W.job("a")


async def b():
    return await W.job("b")


async def c():
    return await W.job("c")


async def main(timeout):
    while True:
        result = await asyncio.wait_for(a(), timeout=timeout)
        if result is not None:
            return result
