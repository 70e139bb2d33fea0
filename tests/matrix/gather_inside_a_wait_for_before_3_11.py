# asyncmend: --target-version 3.8
# scenarios: wait_for
import asyncio


async def both():
    return await asyncio.gather(a(), asyncio.sleep(0))


async def main(timeout):
    return await asyncio.wait_for(both(), timeout)
