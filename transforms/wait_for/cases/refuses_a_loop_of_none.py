# asyncmend: --target-version 3.9
from asyncio import wait_for


async def join(node):
    return await wait_for(node.joined(), 5, loop=None)
