# asyncmend: --target-version 3.9
import asyncio


async def load(client):
    orders, returns = await asyncio.gather(
        asyncio.wait_for(client.fetch("/orders"), timeout=2),
        # returns are slow on Mondays
        asyncio.wait_for(client.fetch("/returns"), timeout=10),  # seconds
    )
    return orders + returns
