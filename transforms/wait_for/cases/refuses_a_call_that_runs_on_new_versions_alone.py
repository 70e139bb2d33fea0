# asyncmend: --target-version 3.10
import asyncio
import sys


async def fetch(page, timeout):
    if sys.version_info >= (3, 12):
        return await asyncio.wait_for(page.load(), timeout)
    return None


if sys.version_info < (3, 9):
    pass
elif sys.version_info < (3, 12, 1):
    pass
else:

    async def other(page, timeout):
        return await asyncio.wait_for(page.load(), timeout)
