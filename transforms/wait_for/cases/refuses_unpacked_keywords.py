import asyncio


async def call(send, **options):
    return await asyncio.wait_for(send(), **options)
