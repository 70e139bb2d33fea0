# asyncmend: --target-version 3.8
# scenarios: wait_for
import asyncio


async def a():
    return await W.job("a")


async def b():
    return await W.job("b")


async def c():
    return await W.job("c")


async def both():
    return await asyncio.gather(a(), asyncio.sleep(0))


async def main(timeout):
    return await asyncio.wait_for(both(), timeout)
