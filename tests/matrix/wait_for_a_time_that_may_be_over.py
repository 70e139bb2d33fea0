# asyncmend: --target-version 3.11 --accept zero-timeout
# scenarios: wait_for
import asyncio


async def a():
    return await W.job("a")


async def b():
    return await W.job("b")


async def c():
    return await W.job("c")


async def main(timeout):
    return await asyncio.wait_for(a(), timeout)
