import asyncio


async def count(work):
    added = asyncio.create_task(work())
    added += 1
