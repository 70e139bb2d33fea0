import asyncio


async def show_twice(rendering):
    left, right = await asyncio.gather(rendering, rendering)
    return left, right
