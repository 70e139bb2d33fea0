# asyncmend: --target-version 3.8
# scenarios: spawn
import asyncio


async def a():
    return await W.job("a")


async def b():
    return await W.job("b")


async def c():
    return await W.job("c")


async def main():
    asyncio.gather(a(), asyncio.sleep(0))
