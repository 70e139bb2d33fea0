# asyncmend: --target-version 3.10
import asyncio
import sys

if sys.version_info >= (3, 11):
    from asyncio import timeout
else:
    from async_timeout import timeout


async def version(peer):
    async with timeout(30):
        return await asyncio.wait_for(peer.version(), 5)
