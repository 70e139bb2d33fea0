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
    jobs = []
    for job in (a, b, c):
        jobs.append(job())
    await asyncio.gather(*jobs)
