# asyncmend: --target-version 3.11
# scenarios: wait_for
import asyncio


async def main():
    return await asyncio.wait_for(a(), 2)
