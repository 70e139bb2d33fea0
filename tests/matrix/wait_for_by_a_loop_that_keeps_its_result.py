# asyncmend: --target-version 3.8
# scenarios: wait_for
import asyncio


async def main(timeout):
    while True:
        result = await asyncio.wait_for(a(), timeout=timeout)
        if result is not None:
            return result
