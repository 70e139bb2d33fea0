import asyncio


async def fetch_rate(currency):
    await asyncio.sleep(0)
    return currency


def make_table():
    rates = []

    async def refresh():
        nonlocal rates
        rates = await asyncio.gather(fetch_rate("eur"), fetch_rate("usd"))

    return refresh, lambda: rates
