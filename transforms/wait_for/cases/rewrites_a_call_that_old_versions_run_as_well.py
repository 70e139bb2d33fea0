# asyncmend: --target-version 3.9
import asyncio
import sys


async def fetch(page, timeout):
    if sys.version_info >= (3, 11):
        return await asyncio.wait_for(page.load(), timeout)
    if sys.version_info < (3, 11):
        return await asyncio.wait_for(page.load(), timeout)
    elif page.is_small or sys.version_info >= (3, 12):
        return await asyncio.wait_for(page.load(), timeout)
