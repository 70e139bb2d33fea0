# asyncmend: --target-version 3.12
import asyncio
from asyncio import wait_for


async def shut_down(workers):
    resps = await asyncio.gather(*(wait_for(
        # does not raise if the process is stuck
        worker.close(), 20) for worker in workers))
    return resps
