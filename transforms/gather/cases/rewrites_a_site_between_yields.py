import asyncio


async def fetch_page(number):
    await asyncio.sleep(0)
    return [number]


async def rows(limit):
    for number in range(0, limit, 2):
        even, odd = await asyncio.gather(fetch_page(number), fetch_page(number + 1))
        for row in even + odd:
            yield row
