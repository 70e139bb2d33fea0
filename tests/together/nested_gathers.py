import asyncio


async def fetch(path):
    await asyncio.sleep(0)
    return path


async def load(numbers):
    orders, (stock, prices) = await asyncio.gather(
        asyncio.gather(*(fetch(f"/orders/{number}") for number in numbers)),
        asyncio.gather(fetch("/stock"), fetch("/prices")),
    )
    return orders, stock, prices


async def load_pages(pages):
    return await asyncio.gather(*[load(await asyncio.gather(*map(fetch, page))) for page in pages])
