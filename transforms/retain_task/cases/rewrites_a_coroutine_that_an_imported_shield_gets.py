from asyncio import shield as protected


async def flush(journal):
    await journal.drain()


async def close(journal):
    await protected(flush(journal))
