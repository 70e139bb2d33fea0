# asyncmend: --target-version 3.8
# scenarios: spawn
import asyncio


async def main():
    asyncio.get_running_loop().call_soon(lambda: asyncio.create_task(a()))
