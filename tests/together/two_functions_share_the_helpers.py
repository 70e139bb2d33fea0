# asyncmend: --target-version 3.10
import asyncio


async def load_orders(client, shops):
    asyncio.create_task(client.log("orders"))
    orders = await asyncio.gather(*(client.orders(shop) for shop in shops))
    return await asyncio.wait_for(client.sort(orders), 5)


async def load_returns(client, shops):
    asyncio.create_task(client.log("returns"))
    returns = await asyncio.gather(*(client.returns(shop) for shop in shops))
    return await asyncio.wait_for(client.sort(returns), 5)
