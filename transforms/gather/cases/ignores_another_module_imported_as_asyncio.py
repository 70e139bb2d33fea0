import trio_asyncio as asyncio


async def translate(source, target):
    return await asyncio.gather(source.read(), target.open())
