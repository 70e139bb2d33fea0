async def run_both(asyncio, left, right):
    return await asyncio.gather(left(), right())
