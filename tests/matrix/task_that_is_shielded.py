# asyncmend: --target-version 3.8
# scenarios: spawn
import asyncio


async def main():
    task = asyncio.create_task(a())
    return await asyncio.shield(task)
