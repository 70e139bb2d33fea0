# asyncmend: --target-version 3.9
import asyncio


async def close_all(workers):
    resps = await asyncio.gather(*(asyncio.wait_for(
        # does not raise if the process is stuck
        worker.close(), 20) for worker in workers))
    return resps
