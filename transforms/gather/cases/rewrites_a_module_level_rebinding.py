import asyncio

gather = asyncio.gather


async def load_page(number):
    await asyncio.sleep(0)
    return number


async def load_pages():
    first, second = await gather(load_page(1), load_page(2))
    return [first, second]
