import asyncio


async def join(mode, left, right):
    return await getattr(asyncio, "gather" if mode else "wait")(left(), right())
