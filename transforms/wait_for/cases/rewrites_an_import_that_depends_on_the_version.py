# asyncmend: --target-version 3.9
import sys

if sys.version_info >= (3, 11):
    from asyncio import timeout, wait_for
else:
    from async_timeout import timeout
    from asyncio import wait_for


async def pull(remote, seconds):
    async with timeout(60):
        branches = await remote.branches()
    return await wait_for(remote.pull(branches), seconds)
