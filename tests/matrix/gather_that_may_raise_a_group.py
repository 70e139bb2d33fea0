# asyncmend: --target-version 3.11 --accept exception-group --set gather.errors=group
# scenarios: gather
import asyncio


async def a():
    return await W.job("a")


async def b():
    return await W.job("b")


async def c():
    return await W.job("c")


async def main():
    return await asyncio.gather(a(), b(), c())
