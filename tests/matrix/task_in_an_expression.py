# asyncmend: --target-version 3.8
# scenarios: spawn
import asyncio


async def main():
    [asyncio.ensure_future(job()) for job in (a,)]
