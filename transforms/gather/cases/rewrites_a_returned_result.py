# asyncmend: --target-version 3.12
import asyncio


async def fetch_price(symbol):
    await asyncio.sleep(0.1)
    return len(symbol)


async def fetch_prices(symbols):
    return await asyncio.gather(*[fetch_price(symbol) for symbol in symbols])
