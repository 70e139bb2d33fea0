# asyncmend: --target-version 3.8
import asyncio


async def totals(client, years):
    return await asyncio.gather(*[client.total(year) for year in years])
