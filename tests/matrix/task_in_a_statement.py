# asyncmend: --target-version 3.8
# scenarios: spawn
import asyncio


async def main():
    asyncio.create_task(a())
