from asyncio import shield, wait_for


async def find(lookup, timeout):
    await wait_for(shield(lookup.future), timeout)
    return lookup.address
