# asyncmend: --target-version 3.10
import asyncio


async def cheapest(shops, item):
    if offers := await asyncio.gather(*[shop.offer(item) for shop in shops]):
        return min(offers)
    return None
