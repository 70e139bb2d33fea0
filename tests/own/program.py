# asyncmend: --target-version 3.8
import asyncio


async def work():
    pass


async def main():
    await asyncio.wait_for(work(), 1)
    await asyncio.gather(work(), work())
