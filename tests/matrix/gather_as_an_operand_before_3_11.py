# asyncmend: --target-version 3.8
# scenarios: gather
import asyncio


async def a():
    return await W.job("a")


async def b():
    return await W.job("b")


async def c():
    return await W.job("c")


async def main():
    return dict(zip("abc", await asyncio.gather(a(), b(), c())))
