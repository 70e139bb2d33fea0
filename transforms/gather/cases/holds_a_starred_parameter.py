import asyncio


async def join_all(tasks):
    results = await asyncio.gather(*tasks)
    return [result for result in results if result]
