import sys

if sys.version_info >= (3, 11):
    from asyncio import gather, timeout
else:
    from asyncio import gather
    from async_timeout import timeout


async def audit(region):
    return region


async def audit_all():
    async with timeout(60):
        await gather(audit("eu"), audit("us"))
