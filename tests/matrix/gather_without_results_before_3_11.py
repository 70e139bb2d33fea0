# asyncmend: --target-version 3.8
# scenarios: gather
import asyncio


async def main():
    jobs = []
    for job in (a, b, c):
        jobs.append(job())
    await asyncio.gather(*jobs)
