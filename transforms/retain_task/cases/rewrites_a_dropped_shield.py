import asyncio


async def close(journal):
    asyncio.shield(journal.flush())
    await journal.detach()
