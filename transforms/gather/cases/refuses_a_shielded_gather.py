import asyncio


async def write_journal(entry):
    await asyncio.sleep(0)


async def commit(entry):
    await asyncio.shield(asyncio.gather(write_journal(entry), write_journal("commit")))
