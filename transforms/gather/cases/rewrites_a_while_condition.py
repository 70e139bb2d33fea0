# asyncmend: --target-version 3.8
import asyncio


async def settle(nodes):
    while not all(await asyncio.gather(*[node.is_idle() for node in nodes])):
        await asyncio.sleep(1)
