# asyncmend: --target-version 3.8
# scenarios: spawn
import asyncio


async def main():
    loop = asyncio.get_running_loop()
    loop.call_soon(loop.create_task, a())
