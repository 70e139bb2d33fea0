# asyncmend: --target-version 3.8
# scenarios: spawn
import asyncio


async def main():
    asyncio.gather(a(), asyncio.sleep(0))
