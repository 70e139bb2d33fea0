import asyncio \



async def load(api, sku):
    return await asyncio.gather(api.product(sku), api.stock(sku))
