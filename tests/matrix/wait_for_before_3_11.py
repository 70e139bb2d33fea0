# asyncmend: --target-version 3.8
# scenarios: wait_for
import asyncio


async def main(timeout):
    return await asyncio.wait_for(a(), timeout)
