# asyncmend: --target-version 3.8
# scenarios: spawn
import asyncio


async def main():
    return await asyncio.shield(a())
