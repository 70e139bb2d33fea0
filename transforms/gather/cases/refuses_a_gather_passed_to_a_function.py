import asyncio


async def sync(account):
    await asyncio.sleep(0)


async def sync_all(supervise, accounts):
    return await supervise(asyncio.gather(*[sync(account) for account in accounts]), limit=5)
