# asyncmend: --target-version 3.11
# scenarios: gather
import asyncio


async def a():
    return await W.job("a")


async def b():
    return await W.job("b")


async def c():
    return await W.job("c")


async def main():
    results = await asyncio.gather(*[job() for job in (a, b, c)])
    return sorted(results)
