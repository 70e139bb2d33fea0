import asyncio


async def card(store, sku, template):
    product = await asyncio.wait_for(store.product(sku.upper()), timeout=5)
    return template.format(**locals())
